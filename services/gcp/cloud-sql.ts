/** Cloud SQL Admin: an instance, and switching it on and off. */
import { type Written, ask, pathOf, send } from "./ask.ts";
import { fieldsOf, flagOf, listOf, longOf, present, textOf, textsOf, wordOf } from "./fields.ts";
import { type Operation, parseSqlOperation } from "./operations.ts";
import type { GcpTransport, Known } from "./transport.ts";

export type ActivationPolicy = "ALWAYS" | "NEVER" | "ON_DEMAND";

export interface SqlInstance {
  readonly project: string;
  readonly instance: string;
  /** RUNNABLE says "running, or has been stopped by owner": `activationPolicy` tells which. */
  readonly state: string;
  readonly activationPolicy: ActivationPolicy | "UNSPECIFIED";
  readonly region?: string;
  readonly databaseVersion?: string;
  readonly connectionName?: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly publicAddress: boolean;
  /** `projects/p/global/networks/n`. */
  readonly privateNetwork?: string;
  readonly sslMode?: string;
  readonly connectorsRequired: boolean;
  readonly settingsVersion?: string;
  readonly suspensionReasons: readonly string[];
}

export interface SqlInstanceId {
  readonly project: string;
  readonly instance: string;
  readonly signal: AbortSignal;
}

/** A 403 is also what Cloud SQL answers for misspelt names. */
export async function getSqlInstance(gcp: GcpTransport, id: SqlInstanceId): Promise<Known<SqlInstance>> {
  return ask(gcp, { api: "sqladmin", method: "GET", path: pathTo(id), signal: id.signal }, (body) =>
    parseInstance(body, id.project),
  );
}

/** Starts (`ALWAYS`) or stops (`NEVER`) it; takes minutes. With `settingsVersion` refused when somebody was faster. */
export async function setActivationPolicy(
  gcp: GcpTransport,
  {
    policy,
    settingsVersion,
    ...id
  }: SqlInstanceId & {
    readonly policy: ActivationPolicy;
    readonly settingsVersion?: string;
  },
): Promise<Written<Operation>> {
  const body = { settings: present({ activationPolicy: policy, settingsVersion }) };
  const request = { api: "sqladmin", method: "PATCH", path: pathTo(id), body, signal: id.signal } as const;
  return send(gcp, request, parseSqlOperation);
}

/** `name` is the operation's id, without a path. */
export async function getSqlOperation(
  gcp: GcpTransport,
  {
    project,
    name,
    signal,
  }: { readonly project: string; readonly name: string; readonly signal: AbortSignal },
): Promise<Known<Operation>> {
  const path = pathOf("v1", "projects", project, "operations", name);
  return ask(gcp, { api: "sqladmin", method: "GET", path, signal }, parseSqlOperation);
}

const pathTo = ({ project, instance }: SqlInstanceId): string =>
  pathOf("v1", "projects", project, "instances", instance);

const POLICIES = ["ALWAYS", "NEVER", "ON_DEMAND"] as const;

function parseInstance(body: unknown, project: string): SqlInstance | undefined {
  const fields = fieldsOf(body);
  const instance = textOf(fields["name"]);
  if (instance === undefined) return undefined;
  const settings = fieldsOf(fields["settings"]);
  const ip = fieldsOf(settings["ipConfiguration"]);
  const network = textOf(ip["privateNetwork"]);
  return present({
    project: textOf(fields["project"]) ?? project,
    instance,
    state: textOf(fields["state"]) ?? "UNSPECIFIED",
    activationPolicy: wordOf(settings["activationPolicy"], POLICIES) ?? "UNSPECIFIED",
    region: textOf(fields["region"]),
    databaseVersion: textOf(fields["databaseVersion"]),
    connectionName: textOf(fields["connectionName"]),
    addresses: listOf(fields["ipAddresses"]).flatMap((each) => {
      const [type, address] = [textOf(each["type"]), textOf(each["ipAddress"])];
      return type === undefined || address === undefined ? [] : [{ type, address }];
    }),
    publicAddress: flagOf(ip["ipv4Enabled"]) ?? false,
    // Both spellings are seen: with a slash in front and without.
    privateNetwork: network?.replace(/^\//, ""),
    sslMode: textOf(ip["sslMode"]),
    connectorsRequired: settings["connectorEnforcement"] === "REQUIRED",
    settingsVersion: longOf(settings["settingsVersion"]),
    suspensionReasons: textsOf(fields["suspensionReason"]),
  });
}
