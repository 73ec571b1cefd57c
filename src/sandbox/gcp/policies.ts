import { permissionsOfRole } from "./roles.ts";

/** Members that hold a role, perhaps under a condition. */
export interface Binding {
  role: string;
  members: string[];
  condition?: { title: string; expression: string; description?: string };
}

/** Who may do what on one resource. */
export interface Policy {
  version: number;
  bindings: Binding[];
}

/** The policies of all resources, each with an etag, and with what is in force while a change spreads. */
export interface Policies {
  read(resource: string): Policy & { etag: string };
  /** The new one is read at once, and in force after the delay. */
  write(resource: string, policy: Policy): void;
  /** Whether the member holds the permission there now, by the resource's policy or its project's. */
  holds(member: string, permission: string, resource: string): boolean;
  /** By resource, without etags; a resource without any binding is left out. */
  all(): Record<string, Policy>;
}

interface Entry {
  policy: Policy;
  revision: number;
  /** In order of the moment from which each is in force. */
  readonly spread: { from: number; bindings: Binding[] }[];
}

/** `delayMs`: how long a change takes to be in force; asked at each change. */
export function createPolicies(options: {
  now: () => number;
  delayMs: () => number;
  onSpread: (due: number) => void;
}): Policies {
  const entries = new Map<string, Entry>();
  const inForce = (resource: string): readonly Binding[] =>
    entries.get(resource)?.spread.findLast(({ from }) => from <= options.now())?.bindings ?? [];
  return {
    read(resource) {
      const { policy, revision } = entries.get(resource) ?? { policy: empty(), revision: 0 };
      return { ...structuredClone(policy), etag: etagOf(revision) };
    },
    write(resource, policy) {
      const delay = options.delayMs();
      const from = options.now() + delay;
      const kept = structuredClone(policy);
      const entry = entries.get(resource) ?? { policy: kept, revision: 0, spread: [] };
      entry.policy = kept;
      entry.revision += 1;
      entry.spread.push({ from, bindings: structuredClone(policy.bindings) });
      entries.set(resource, entry);
      if (delay > 0) options.onSpread(from);
    },
    holds(member, permission, resource) {
      const [project = resource] = /^projects\/[^/]+/.exec(resource) ?? [];
      // A condition that nobody here evaluates grants nothing.
      return [resource, project]
        .flatMap(inForce)
        .some(
          ({ role, members, condition }) =>
            condition === undefined &&
            members.includes(member) &&
            permissionsOfRole(role)?.includes(permission) === true,
        );
    },
    all() {
      const used = [...entries].filter(([, { policy }]) => policy.bindings.length > 0);
      return Object.fromEntries(used.map(([resource, { policy }]) => [resource, structuredClone(policy)]));
    },
  };
}

function empty(): Policy {
  return { version: 1, bindings: [] };
}

/** Eight bytes in base64, as Google's look: `BwWWja0YfJA=`. */
function etagOf(revision: number): string {
  const bytes = Buffer.from([7, 5, 150, 141, 173, 24, 0, 0]);
  bytes.writeUInt16BE(revision, 6);
  return bytes.toString("base64");
}
