/** Secret Manager: whether a secret and its version are there. The value is never asked for. */
import { ask, pathOf } from "./ask.ts";
import { fieldsOf, lastPart, textOf } from "./fields.ts";
import type { GcpTransport, Known } from "./transport.ts";

export interface SecretId {
  readonly project: string;
  readonly secret: string;
  readonly signal: AbortSignal;
}

export interface SecretVersion {
  /** What `latest` stands for. */
  readonly version: string;
  readonly state: "ENABLED" | "DISABLED" | "DESTROYED" | "UNSPECIFIED";
}

export async function getSecret(
  gcp: GcpTransport,
  { project, secret, signal }: SecretId,
): Promise<Known<{ readonly name: string }>> {
  const path = pathOf("v1", "projects", project, "secrets", secret);
  return ask(gcp, { api: "secretmanager", method: "GET", path, signal }, (body) => {
    const name = textOf(fieldsOf(body)["name"]);
    return name === undefined ? undefined : { name };
  });
}

/** `version` is a number or `latest`. */
export async function getSecretVersion(
  gcp: GcpTransport,
  { project, secret, version, signal }: SecretId & { readonly version: string },
): Promise<Known<SecretVersion>> {
  const path = pathOf("v1", "projects", project, "secrets", secret, "versions", version);
  return ask(gcp, { api: "secretmanager", method: "GET", path, signal }, (body) => {
    const { name, state } = fieldsOf(body);
    const full = textOf(name);
    if (full === undefined) return undefined;
    const known =
      state === "ENABLED" || state === "DISABLED" || state === "DESTROYED" ? state : "UNSPECIFIED";
    return { version: lastPart(full), state: known };
  });
}
