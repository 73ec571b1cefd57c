/** Google Cloud: names as they were given, and base URLs that tests put in place of Google's. */
import { bareHost } from "../../services/net/bare-host.ts";
import type { Environment } from "./config.ts";
import { type ResolveInput, faultAt, isBroken } from "./input.ts";
import { readVariable } from "./interpolate.ts";
import { isLoopback } from "./listen.ts";
import { describeKey, describeUrl } from "./redact.ts";
import type { ParsedGcp } from "./schema-gcp.ts";

/** Which resource a dependency is. */
export type GcpResource =
  | {
      readonly kind: "sql";
      readonly project: string;
      readonly region: string;
      readonly instance: string;
      /** `project:region:instance`. */
      readonly connectionName: string;
    }
  /** Without project or region: those of the service. */
  | {
      readonly kind: "memorystore";
      readonly project?: string;
      readonly region?: string;
      readonly instance: string;
    };

export interface GcpOptions {
  /** Undefined: the metadata server may know. */
  readonly project?: string;
  readonly region?: string;
  readonly service?: string;
  /** Impersonated for writing; without it nothing is changed. */
  readonly remediator?: string;
  readonly dependencies: ReadonlyMap<string, GcpResource>;
  /** Short names. */
  readonly network: string;
  readonly subnet: string;
  readonly connector: { readonly name?: string; readonly range?: string };
  /** By API, or `all`; each on loopback. Empty: Google's own. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** Reports endpoints off loopback: every one of them is sent a token. */
export function resolveGcp(gcp: ParsedGcp, input: ResolveInput, env: Environment): GcpOptions {
  for (const [api, text] of Object.entries(gcp.endpoints)) {
    if (text === undefined || isLoopbackUrl(text) || isBroken(input, `gcp.endpoints.${api}`)) continue;
    const expected = "an http:// URL on loopback: tokens go to Google and to nobody else";
    faultAt(input, `gcp.endpoints.${api}`, { expected, found: describeUrl(text) });
  }
  const dependencies = new Map<string, GcpResource>();
  for (const [name, { sql, memorystore }] of Object.entries(gcp.dependencies)) {
    const path = `gcp.dependencies.${name}`;
    if (isBroken(input, path)) continue;
    if ((sql === undefined) === (memorystore === undefined)) {
      const found = sql === undefined ? "neither" : "both";
      faultAt(input, path, { expected: "one of `sql` and `memorystore`", found });
    } else if (!/^[a-z][a-z\d-]{0,39}$/.test(name)) {
      faultAt(input, path, { expected: "the name of a dependency", found: describeKey(name) });
    } else dependencies.set(name, sql === undefined ? redisOf(memorystore ?? "") : sqlOf(sql));
  }
  const project = gcp.project ?? readVariable(env, "GOOGLE_CLOUD_PROJECT");
  const service = gcp.service ?? readVariable(env, "K_SERVICE");
  const { region, remediator, network, endpoints } = gcp;
  const { name, range } = gcp.connector;
  return {
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
    ...(service !== undefined && { service }),
    ...(remediator !== undefined && { remediator }),
    dependencies,
    network,
    subnet: gcp.subnet ?? network,
    connector: { ...(name !== undefined && { name }), ...(range !== undefined && { range }) },
    endpoints: endpoints as Readonly<Record<string, string>>,
  };
}

/** Plain HTTP on this machine, without credentials in it. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  const plain = url !== null && !url.username && !url.password && !url.search && !url.hash;
  return plain && url.protocol === "http:" && isLoopback(bareHost(url.hostname));
}

/** `p:r:i`; the project of an organisation may have a colon of its own (`example.com:p`). */
function sqlOf(connectionName: string): GcpResource {
  const [instance = "", region = "", ...rest] = connectionName.split(":").toReversed();
  const project = rest.toReversed().join(":");
  return { kind: "sql", project, region, instance, connectionName };
}

function redisOf(name: string): GcpResource {
  const [, project, , region, , instance] = name.split("/");
  if (project === undefined || region === undefined || instance === undefined)
    return { kind: "memorystore", instance: name };
  return { kind: "memorystore", project, region, instance };
}
