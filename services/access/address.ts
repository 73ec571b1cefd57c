import { isIP } from "node:net";

export interface Source {
  /** The other end of the connection. */
  readonly socketAddress: string | undefined;
  readonly forwardedFor: string | undefined;
  /** Proxies in front that append to X-Forwarded-For. */
  readonly trustedProxies: number;
}

/**
 * The network a request comes from, for counting. X-Forwarded-For is read from the right: each trusted proxy has appended
 * one entry, and whatever stands left of those was written by the caller.
 */
export function sourceNetwork({ socketAddress = "", forwardedFor, trustedProxies }: Source): string {
  if (trustedProxies === 0 || forwardedFor === undefined) return networkOf(socketAddress) ?? "unknown";
  const entries = forwardedFor.split(",");
  const entry = entries[Math.max(0, entries.length - trustedProxies)] ?? "";
  return networkOf(withoutPort(entry.trim())) ?? networkOf(socketAddress) ?? "unknown";
}

/** IPv4 as it is; IPv6 by its first 64 bits, which one subscriber has to himself. Undefined for what is no address. */
export function networkOf(address: string): string | undefined {
  const [bare = ""] = address.split("%");
  const family = isIP(bare);
  if (family === 4) return bare;
  if (family === 0) return undefined;
  const groups = expand(bare);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The eight groups of an address that is known to be one. */
function expand(address: string): number[] {
  const text = address.replace(/[\d.]+$/, (tail) => (tail.includes(".") ? quadToGroups(tail) : tail));
  const [head = "", tail] = text.split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

const groupsOf = (part: string): number[] =>
  part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));

function quadToGroups(quad: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = quad.split(".").map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** Some proxies write the port too. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^[\d.]+:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(":")) : entry;
}
