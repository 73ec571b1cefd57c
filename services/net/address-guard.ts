import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { CauseError } from "../errors.ts";
import { bareHost } from "./bare-host.ts";

/** Judges one address literal; throws when nobody may connect there. */
export type CheckAddress = (address: string) => void;

/**
 * Where no environment to be tested is, but the credentials of this machine are: link-local (the metadata servers of
 * Google, AWS and Azure), the fixed addresses of AWS over IPv6, Google over IPv6 and Alibaba, "this host" and multicast.
 */
const IPV4_RANGES: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["100.100.100.200", 32],
  ["169.254.0.0", 16],
  ["224.0.0.0", 4],
];
const IPV6_RANGES: readonly (readonly [string, number])[] = [
  ["::", 128],
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128],
  ["fe80::", 10],
  ["ff00::", 8],
];

/** IPv6 that stands for IPv4: mapped (RFC 4291), translated (RFC 2765) and NAT64 (RFC 6052). */
const IPV4_IN_IPV6 = ["::ffff:", "::ffff:0:", "64:ff9b::"] as const;

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["metadata", "metadata.google.internal"]);

const FORBIDDEN = forbidden();

function forbidden(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of IPV6_RANGES) list.addSubnet(network, prefix, "ipv6");
  for (const [network, prefix] of IPV4_RANGES) {
    list.addSubnet(network, prefix, "ipv4");
    for (const form of IPV4_IN_IPV6) list.addSubnet(`${form}${network}`, 96 + prefix, "ipv6");
    // Deprecated IPv4-compatible addresses; of 0.0.0.0/8 only `::`, because `::1` is the loopback.
    if (network !== "0.0.0.0") list.addSubnet(`::${network}`, 96 + prefix, "ipv6");
  }
  return list;
}

/**
 * Refuses addresses at which a probe could be made to ask this machine's metadata server. Loopback and private networks
 * are allowed: that is where environments to be tested are.
 *
 * @throws {CauseError} `ADDRESS_FORBIDDEN`, also for what is no address at all.
 */
export function checkAddress(address: string): void {
  const [plain = ""] = bareHost(address).split("%");
  const family = isIP(plain);
  if (family !== 0 && !FORBIDDEN.check(plain, family === 4 ? "ipv4" : "ipv6")) return;
  throw new CauseError(
    "ADDRESS_FORBIDDEN",
    `expected the address of a service, found ${plain}: link-local, metadata and multicast addresses are never asked`,
  );
}

/** True for the names of the metadata server, in any case and with trailing dots. */
export function isForbiddenHost(hostname: string): boolean {
  return FORBIDDEN_NAMES.has(hostname.toLowerCase().replace(/\.+$/, ""));
}

/**
 * Judges a host before anything is resolved: forbidden names, and addresses written out (for which nobody calls `lookup`).
 *
 * @throws {CauseError} `ADDRESS_FORBIDDEN`.
 */
export function checkHost(hostname: string, check: CheckAddress = checkAddress): void {
  if (isForbiddenHost(hostname)) {
    throw new CauseError("ADDRESS_FORBIDDEN", `expected the name of a service, found ${hostname}`);
  }
  const host = bareHost(hostname);
  if (isIP(host) !== 0) check(host);
}

/**
 * A `lookup` for Node's connections that judges every address a name resolves to, in the very resolution the connection
 * uses: a name that answers differently the second time (DNS rebinding) gains nothing.
 */
export function guardedLookup(
  check: CheckAddress = checkAddress,
  lookup: LookupFunction = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found: string | LookupAddress[], family) => {
      if (error !== null) return callback(error, found, family);
      try {
        checkHost(hostname, check);
        for (const address of addressesOf(found)) check(address);
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, [], 0);
      }
      callback(null, found, family);
    });
  };
}

const addressesOf = (found: string | LookupAddress[]): string[] =>
  typeof found === "string" ? [found] : found.map(({ address }) => address);
