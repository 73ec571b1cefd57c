/** The databases among the services of a Compose file. */
import { isMapping } from "../config/draft.ts";
import type { SingleKind } from "../config/variables.ts";

export interface ComposeService {
  readonly name: string;
  readonly kind: SingleKind;
  readonly image: string;
  /** Where it is published on this machine. */
  readonly port?: number;
}

const IMAGES: readonly (readonly [RegExp, SingleKind])[] = [
  [
    /(?:^|\/)(?:postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector|supabase-postgres)$/,
    "postgres",
  ],
  [/(?:^|\/)(?:clickhouse|clickhouse-server)$/, "clickhouse"],
  [/(?:^|\/)(?:redis|redis-stack|redis-stack-server|valkey)$/, "redis"],
];

const PORTS: Partial<Record<SingleKind, number>> = { postgres: 5432, clickhouse: 8123, redis: 6379 };

/** Undefined when the text is no Compose file. */
export async function servicesIn(text: string): Promise<ComposeService[] | undefined> {
  const { parse } = await import("yaml");
  let root: unknown;
  try {
    root = parse(text, { merge: true, logLevel: "silent" });
  } catch {
    return undefined;
  }
  if (!isMapping(root) || !isMapping(root.services)) return undefined;
  return Object.entries(root.services).flatMap(([name, service]) => serviceOf(name, service));
}

function serviceOf(name: string, service: unknown): ComposeService[] {
  if (!isMapping(service) || typeof service.image !== "string") return [];
  // Names and images go into files and messages; those that need quoting are not understood here.
  if (!/^[\w.-]{1,60}$/.test(name) || !/^[\w./:@-]{1,200}$/.test(service.image)) return [];
  const { image } = service;
  const repository = image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
  const kind = IMAGES.find(([pattern]) => pattern.test(repository))?.[1];
  if (kind === undefined) return [];
  const port = publishedPort(service.ports, PORTS[kind]);
  return [{ name, kind, image, ...(port !== undefined && { port }) }];
}

/** `5433` of `127.0.0.1:5433:5432`, where 5432 is what is looked for. */
function publishedPort(ports: unknown, target: number | undefined): number | undefined {
  if (!Array.isArray(ports)) return undefined;
  const published = ports.flatMap((entry: unknown) => {
    if (isMapping(entry)) return Number(entry.target) === target ? [Number(entry.published)] : [];
    const [, outer, inner] = /(?:^|:)(\d{1,5}):(\d{1,5})(?:\/tcp)?$/.exec(String(entry)) ?? [];
    return Number(inner) === target ? [Number(outer)] : [];
  });
  return published.find((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}
