/** IAM policies: reading one whole, adding or removing one member, and asking which permissions the caller holds. */
import { setTimeout as delay } from "node:timers/promises";
import { type Parse, type Written, ask, pathOfName, send } from "./ask.ts";
import { type Fields, fieldsOf, listOf, numberOf, textOf, textsOf } from "./fields.ts";
import type { Sleep } from "./operations.ts";
import type { GcpApi, GcpRequest, GcpTransport, Known } from "./transport.ts";

export interface IamBinding {
  readonly role: string;
  readonly members: readonly string[];
  /** As it came: of conditions nothing is read, and everything is sent back. */
  readonly condition?: Fields;
}

export interface IamPolicy {
  readonly version: number;
  readonly etag: string;
  readonly bindings: readonly IamBinding[];
  /** The whole as it came, with members that this code does not know (`auditConfigs`). */
  readonly raw: Fields;
}

/**
 * `projects/p`, `projects/p/locations/r/services/s` (Cloud Run), `projects/p/secrets/s` or
 * `projects/p/serviceAccounts/e`.
 */
export interface IamResource {
  readonly resource: string;
  readonly signal: AbortSignal;
}

export interface IamMember {
  readonly role: string;
  /** `serviceAccount:run@p.iam.gserviceaccount.com`, in the case Google knows it by. */
  readonly member: string;
}

export interface MemberChange extends IamResource, IamMember {
  /** How often the whole is read and written again when somebody was faster. Default 5. */
  readonly tries?: number;
  /** In ms, doubles with each try, and half of it is left to chance. Default 500. */
  readonly backoffMs?: number;
  readonly sleep?: Sleep;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
}

export interface MemberChanged {
  /** False: it was so already, and nothing was written; rolling it back must do nothing. */
  readonly changed: boolean;
  readonly etagBefore: string;
  readonly etagAfter: string;
}

/** Version 3 is asked for: in an older one conditions would be left out, and lost when it is written back. */
export async function getIamPolicy(
  gcp: GcpTransport,
  { resource, signal }: IamResource,
): Promise<Known<IamPolicy>> {
  return ask(gcp, readRequest(resource, signal), parsePolicy);
}

/** Which of the permissions the caller of `gcp` holds on it, inherited ones and those through groups too. */
export async function testIamPermissions(
  gcp: GcpTransport,
  { resource, permissions, signal }: IamResource & { readonly permissions: readonly string[] },
): Promise<Known<readonly string[]>> {
  const { api, version } = apiOf(resource);
  const path = pathOfName(version, resource, "testIamPermissions");
  const request = { api, method: "POST", path, body: { permissions }, signal } as const;
  // Of none held Google leaves the list out.
  return ask(gcp, request, (body) => textsOf(fieldsOf(body)["permissions"]));
}

/** Whether the member stands in the binding of the role without a condition; conditional ones may not hold. */
export const hasMember = ({ bindings }: Pick<IamPolicy, "bindings">, { role, member }: IamMember): boolean =>
  bindings.some((each) => each.role === role && !each.condition && each.members.includes(member));

/** The policy's bindings with the member in that of the role without a condition; those of others as they were. */
export function withMember(
  bindings: readonly IamBinding[],
  { role, member }: IamMember,
): readonly IamBinding[] {
  if (hasMember({ bindings }, { role, member })) return bindings;
  const at = bindings.findIndex((each) => each.role === role && !each.condition);
  if (at === -1) return [...bindings, { role, members: [member] }];
  return bindings.map((each, index) =>
    index === at ? { ...each, members: [...each.members, member] } : each,
  );
}

/** Without it there; a binding that is empty then goes. */
export function withoutMember(
  bindings: readonly IamBinding[],
  { role, member }: IamMember,
): readonly IamBinding[] {
  const ours = (each: IamBinding): boolean =>
    each.role === role && !each.condition && each.members.includes(member);
  return bindings.flatMap((each) => {
    if (!ours(each)) return [each];
    const members = each.members.filter((other) => other !== member);
    return members.length === 0 ? [] : [{ ...each, members }];
  });
}

/** Reads the policy, adds the member and writes it with the etag it was read with; all of it again on a conflict. */
export async function addMember(gcp: GcpTransport, change: MemberChange): Promise<Written<MemberChanged>> {
  return readModifyWrite(gcp, change, (policy) => withMember(policy.bindings, change));
}

/** As `addMember`; touches nothing but this member in this binding. */
export async function removeMember(gcp: GcpTransport, change: MemberChange): Promise<Written<MemberChanged>> {
  return readModifyWrite(gcp, change, (policy) => withoutMember(policy.bindings, change));
}

async function readModifyWrite(
  gcp: GcpTransport,
  { resource, signal, tries = 5, backoffMs = 500, sleep = timer, random = Math.random }: MemberChange,
  modify: (policy: IamPolicy) => readonly IamBinding[],
): Promise<Written<MemberChanged>> {
  for (let attempt = 1; ; attempt++) {
    const read = await send(gcp, readRequest(resource, signal), parsePolicy);
    if (read.kind === "failed") return read;
    const { value: policy } = read;
    const bindings = modify(policy);
    const etagBefore = policy.etag;
    if (sameBindings(bindings, policy.bindings))
      return { kind: "ok", value: { changed: false, etagBefore, etagAfter: etagBefore } };
    const written = await send(gcp, writeRequest(resource, { policy, bindings, signal }), parsePolicy);
    if (written.kind === "ok")
      return { kind: "ok", value: { changed: true, etagBefore, etagAfter: written.value.etag } };
    if (written.error.code !== "GCP_CONFLICT" || attempt >= tries) return written;
    const pause = backoffMs * 2 ** (attempt - 1);
    await sleep(pause / 2 + (pause / 2) * random(), signal);
  }
}

/** `modify` gives back the same objects for what it does not touch. */
const sameBindings = (one: readonly IamBinding[], other: readonly IamBinding[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);

function readRequest(resource: string, signal: AbortSignal): GcpRequest {
  const { api, version } = apiOf(resource);
  const path = pathOfName(version, resource, "getIamPolicy");
  const options = { requestedPolicyVersion: 3 };
  if (api === "cloudresourcemanager") return { api, method: "POST", path, body: { options }, signal };
  const query = { "options.requestedPolicyVersion": "3" };
  return { api, method: api === "iam" ? "POST" : "GET", path, query, signal };
}

function writeRequest(
  resource: string,
  { policy, bindings, signal }: { policy: IamPolicy; bindings: readonly IamBinding[]; signal: AbortSignal },
): GcpRequest {
  const { api, version } = apiOf(resource);
  // With a condition anywhere the version must be 3, or the API drops it.
  const conditional = bindings.some(({ condition }) => condition !== undefined);
  const body = {
    policy: { ...policy.raw, version: conditional ? 3 : policy.version, bindings, etag: policy.etag },
  };
  return { api, method: "POST", path: pathOfName(version, resource, "setIamPolicy"), body, signal };
}

/** What has no policy of its own is asked for at its project's, and answers that there is no such resource. */
function apiOf(resource: string): { readonly api: GcpApi; readonly version: string } {
  if (/^projects\/[^/]+\/locations\/[^/]+\/services\/[^/]+$/.test(resource))
    return { api: "run", version: "v2" };
  if (/^projects\/[^/]+\/secrets\/[^/]+$/.test(resource)) return { api: "secretmanager", version: "v1" };
  if (/^projects\/[^/]+\/serviceAccounts\/[^/]+$/.test(resource)) return { api: "iam", version: "v1" };
  return { api: "cloudresourcemanager", version: "v1" };
}

/** Whether it answers for its policy itself; connectors and instances of Cloud SQL have none, their project has. */
export const hasOwnPolicy = (resource: string): boolean =>
  /^projects\/[^/]+$/.test(resource) || apiOf(resource).api !== "cloudresourcemanager";

/** A policy without an etag is none: writing it back could overwrite what others do meanwhile. */
const parsePolicy: Parse<IamPolicy> = (body) => {
  const raw = fieldsOf(body);
  const etag = textOf(raw["etag"]);
  if (etag === undefined) return undefined;
  const bindings = listOf(raw["bindings"]).map(parseBinding);
  if (!bindings.every((each) => each !== undefined)) return undefined;
  return { version: numberOf(raw["version"]) ?? 1, etag, bindings, raw };
};

function parseBinding(fields: Fields): IamBinding | undefined {
  const role = textOf(fields["role"]);
  const members = textsOf(fields["members"]);
  if (role === undefined) return undefined;
  const { condition } = fields;
  return condition === undefined ? { role, members } : { role, members, condition: fieldsOf(condition) };
}

const timer: Sleep = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};
