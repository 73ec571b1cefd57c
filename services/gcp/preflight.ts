/** Before the first change: which of all the permissions the steps take are missing, so that no run stops half-way. */
import { hasOwnPolicy, testIamPermissions } from "./iam-policy.ts";
import type { GcpError, GcpTransport } from "./transport.ts";

/** A permission, and what it must be held on. */
export interface NeededPermission {
  readonly permission: string;
  /** `projects/p`, or the full name of a resource that answers testIamPermissions. */
  readonly resource: string;
}

export type Preflight =
  | { readonly kind: "held"; readonly asked: number }
  | { readonly kind: "missing"; readonly missing: readonly NeededPermission[] }
  /** Google could not be asked about some; nothing is said about those. */
  | {
      readonly kind: "unknown";
      readonly missing: readonly NeededPermission[];
      readonly unknown: readonly { readonly resource: string; readonly because: string }[];
    };

/** Google refuses longer lists. */
const BATCH = 100;

/**
 * Asks as whoever `gcp` is, one question a resource. What cannot be asked about a resource itself (it is not there yet, or
 * has no such call) is asked about its project, where the permission would be inherited from.
 */
export async function preflight(
  gcp: GcpTransport,
  { needed, signal }: { readonly needed: readonly NeededPermission[]; readonly signal: AbortSignal },
): Promise<Preflight> {
  const byResource = Map.groupBy(needed, ({ resource }) =>
    hasOwnPolicy(resource) ? resource : (projectOf(resource) ?? resource),
  );
  const answers = await Promise.all(
    [...byResource].map(async ([resource, wanted]) => {
      const permissions = [...new Set(wanted.map(({ permission }) => permission))].toSorted();
      return { resource, permissions, held: await heldOn(gcp, { resource, permissions, signal }) };
    }),
  );
  const missing: NeededPermission[] = [];
  const unknown: { resource: string; because: string }[] = [];
  for (const { resource, permissions, held } of answers) {
    if (held.kind === "unknown") unknown.push({ resource, because: held.because });
    else
      for (const permission of permissions)
        if (!held.permissions.has(permission)) missing.push({ permission, resource });
  }
  if (unknown.length > 0) return { kind: "unknown", missing, unknown };
  if (missing.length > 0) return { kind: "missing", missing };
  return { kind: "held", asked: new Set(needed.map((each) => `${each.resource} ${each.permission}`)).size };
}

type Held =
  | { readonly kind: "known"; readonly permissions: ReadonlySet<string> }
  | { readonly kind: "unknown"; readonly because: string };

interface Question {
  readonly resource: string;
  readonly permissions: readonly string[];
  readonly signal: AbortSignal;
}

async function heldOn(gcp: GcpTransport, { resource, permissions, signal }: Question): Promise<Held> {
  const held = new Set<string>();
  for (let from = 0; from < permissions.length; from += BATCH) {
    const batch = permissions.slice(from, from + BATCH);
    const answer = await testIamPermissions(gcp, { resource, permissions: batch, signal });
    const project = projectOf(resource);
    if (answer.kind === "known") for (const each of answer.value) held.add(each);
    else if (project !== undefined && project !== resource && isNoResource(answer))
      return heldOn(gcp, { resource: project, permissions, signal });
    else return { kind: "unknown", because: sentenceOf(answer, resource) };
  }
  return { kind: "known", permissions: held };
}

const projectOf = (resource: string): string | undefined => /^projects\/[^/]+/.exec(resource)?.[0];

type NotKnown = { readonly kind: "absent" } | { readonly kind: "unknown"; readonly because: GcpError };

const isNoResource = (answer: NotKnown): boolean =>
  answer.kind === "absent" ||
  answer.because.code === "GCP_MALFORMED" ||
  answer.because.code === "GCP_INVALID";

const sentenceOf = (answer: NotKnown, resource: string): string =>
  answer.kind === "absent" ? `${resource} does not exist` : answer.because.message;
