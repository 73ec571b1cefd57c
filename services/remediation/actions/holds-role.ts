import { ask, pathOfName } from "../../gcp/ask.ts";
import { fieldsOf, textsOf } from "../../gcp/fields.ts";
import { type IamResource, testIamPermissions } from "../../gcp/iam-policy.ts";
import type { GcpTransport, Known } from "../../gcp/transport.ts";

/** Google refuses longer lists. */
const MOST = 100;

/** What a role grants, as IAM says now. */
export async function permissionsOfRole(
  gcp: GcpTransport,
  { role, signal }: { readonly role: string; readonly signal: AbortSignal },
): Promise<Known<readonly string[]>> {
  const path = pathOfName("v1", role);
  return ask(gcp, { api: "iam", method: "GET", path, signal }, (body) =>
    textsOf(fieldsOf(body)["includedPermissions"]),
  );
}

/** Whether the caller of `gcp` holds on the resource all that the role grants; undefined when that cannot be told. */
export async function holdsRole(
  gcp: GcpTransport,
  { resource, role, signal }: IamResource & { readonly role: string },
): Promise<boolean | undefined> {
  const granted = await permissionsOfRole(gcp, { role, signal });
  if (granted.kind !== "known" || granted.value.length === 0) return undefined;
  const permissions = granted.value.slice(0, MOST);
  const held = await testIamPermissions(gcp, { resource, permissions, signal });
  return held.kind === "known" ? permissions.every((each) => held.value.includes(each)) : undefined;
}
