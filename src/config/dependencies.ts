/** Everything that is to be observed, in the order in which it is listed everywhere. */
import type { DependencyKind, DependencyOptions } from "../../services/dependencies/options.ts";
import { resolveAuth } from "./auth.ts";
import { resolveClickhouse, resolvePostgres, resolveRedis } from "./dependency.ts";
import { isMapping } from "./draft.ts";
import type { ResolveInput } from "./input.ts";
import type { Parsed } from "./schema.ts";
import { resolveHttp, resolveTcp, resolveWebsocket } from "./targets.ts";
import { type SingleKind, URL_VARIABLES } from "./variables.ts";

/** Resolves all of them, also after a fault in one: the faults of the others are wanted too. */
export async function resolveDependencies(parsed: Parsed, input: ResolveInput): Promise<DependencyOptions[]> {
  const { postgres, clickhouse, redis, auth, websocket, http, tcp } = parsed.dependencies;
  const targets: DependencyOptions[] = [];
  for (const [index, each] of http.entries()) {
    targets.push(...(await resolveHttp(each, `dependencies.http.${index}`, input)));
  }
  for (const [index, each] of tcp.entries()) {
    targets.push(...(await resolveTcp(each, `dependencies.tcp.${index}`, input)));
  }
  return [
    ...(postgres ? await resolvePostgres(postgres, input) : []),
    ...(clickhouse ? await resolveClickhouse(clickhouse, input) : []),
    ...(redis ? await resolveRedis(redis, input) : []),
    ...(auth ? await resolveAuth(auth, parsed, input) : []),
    ...(websocket ? await resolveWebsocket(websocket, input) : []),
    ...targets,
  ];
}

/** The kind of each name, also of what has a fault. */
export function kindsIn({ dependencies: { http, tcp } }: Parsed): ReadonlyMap<string, DependencyKind> {
  const single = (Object.keys(URL_VARIABLES) as SingleKind[]).map((kind) => [kind, kind] as const);
  return new Map<string, DependencyKind>([
    ...http.map(({ name = "" }) => [name, "http"] as const),
    ...tcp.map(({ name = "" }) => [name, "tcp"] as const),
    ...single,
  ]);
}

/** The names that were configured, also of what has a fault: a group may name those. */
export function namesIn(root: unknown): string[] {
  const given = isMapping(root) && isMapping(root.dependencies) ? root.dependencies : {};
  const single = Object.keys(URL_VARIABLES).filter((kind) => kind in given);
  const targets = [given.http, given.tcp].flatMap((list: unknown): unknown[] =>
    Array.isArray(list) ? list : [],
  );
  const names = targets.flatMap((target) =>
    isMapping(target) && typeof target.name === "string" ? [target.name] : [],
  );
  return [...single, ...names];
}
