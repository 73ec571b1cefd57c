/** Memorystore for Redis: where an instance is and how it wants to be spoken to; never its password. */
import { ask, pathOf } from "./ask.ts";
import { fieldsOf, flagOf, lastPart, numberOf, partAfter, present, textOf } from "./fields.ts";
import type { GcpTransport, Known } from "./transport.ts";

export interface RedisInstance {
  readonly project: string;
  readonly region: string;
  readonly instance: string;
  readonly state: string;
  readonly statusMessage?: string;
  readonly host?: string;
  readonly port?: number;
  /** `projects/p/global/networks/n`. */
  readonly network?: string;
  readonly connectMode?: string;
  readonly authEnabled: boolean;
  readonly tls: boolean;
  readonly version?: string;
  readonly tier?: string;
}

export async function getRedisInstance(
  gcp: GcpTransport,
  id: {
    readonly project: string;
    readonly region: string;
    readonly instance: string;
    readonly signal: AbortSignal;
  },
): Promise<Known<RedisInstance>> {
  const path = pathOf("v1", "projects", id.project, "locations", id.region, "instances", id.instance);
  return ask(gcp, { api: "redis", method: "GET", path, signal: id.signal }, parseInstance);
}

function parseInstance(body: unknown): RedisInstance | undefined {
  const fields = fieldsOf(body);
  const name = textOf(fields["name"]);
  const project = name === undefined ? undefined : partAfter(name, "projects");
  const region = name === undefined ? undefined : partAfter(name, "locations");
  if (!name || !project || !region) return undefined;
  return present({
    project,
    region,
    instance: lastPart(name),
    state: textOf(fields["state"]) ?? "UNSPECIFIED",
    statusMessage: textOf(fields["statusMessage"]),
    host: textOf(fields["host"]),
    port: numberOf(fields["port"]),
    network: textOf(fields["authorizedNetwork"]),
    connectMode: textOf(fields["connectMode"]),
    authEnabled: flagOf(fields["authEnabled"]) ?? false,
    tls: fields["transitEncryptionMode"] === "SERVER_AUTHENTICATION",
    version: textOf(fields["redisVersion"]),
    tier: textOf(fields["tier"]),
  });
}
