import { fileURLToPath } from "node:url";

/** A program that the bench measures. */
export interface ServerKind {
  readonly name: string;
  readonly entry: string;
  /** Where it tells its health. */
  readonly path: string;
  readonly role: "ours" | "bare" | "limit" | "peer";
  /** What it does for a request, in a few words; for the report. */
  readonly does: string;
  /** Variables of its own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly nodeOptions?: readonly string[];
}

const path = "/health/database";
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const kind = (
  name: string,
  role: ServerKind["role"],
  does: string,
  more: Partial<ServerKind> = {},
): ServerKind => ({
  name,
  role,
  does,
  path,
  entry: file(`servers/${name}.${role === "peer" ? "js" : "ts"}`),
  ...more,
});

/** As the image and `npm start` set it. */
const nodeOptions = ["--max-semi-space-size=8"];
/** As the image, `npm start` and `npm run greenlight` set one. */
export const compileCache = { NODE_COMPILE_CACHE: file("../node_modules/.cache/greenlight") };

/** Greenlight as it is published, with its default settings, started as the image does. */
export const ours = kind(
  "greenlight",
  "ours",
  "Postgres, ClickHouse and Redis observed once a second in the background; the request reads the last snapshot; bundled, and started with --max-semi-space-size=8, as in the image",
  { entry: file("../dist/server.js"), variables: compileCache, nodeOptions },
);

/** The very first start, for comparison. */
export const oursUncached: ServerKind = {
  ...ours,
  name: "greenlight without compile cache",
  variables: { NODE_DISABLE_COMPILE_CACHE: "1" },
};

export const bareFastify = kind(
  "bare-fastify",
  "bare",
  "Fastify, no logger, response schema, async handler returning an object with the content of Greenlight's answer; no dependency",
);

export const bareFastifyCached: ServerKind = {
  ...bareFastify,
  name: "bare-fastify with compile cache",
  variables: compileCache,
};

export const bareNodeHttp = kind(
  "bare-node-http",
  "bare",
  "node:http, JSON.stringify of the same object for each request; no dependency",
);

export const constant = kind(
  "node-http-constant",
  "limit",
  "node:http writing the same bytes to everybody; the limit, not a target",
);

/** Health packages that are in use; each asks Postgres and Redis unless said otherwise (none knows ClickHouse). */
export const peers: readonly ServerKind[] = [
  kind(
    "under-pressure",
    "peer",
    "@fastify/under-pressure: status route with a live health check for each request",
  ),
  kind("godaddy-terminus", "peer", "@godaddy/terminus on node:http: live checks for each request"),
  kind(
    "nest-terminus",
    "peer",
    "@nestjs/terminus on Express, attempt() without withTimeout(): live checks for each request",
  ),
  kind("lightship", "peer", "a state set by the application; asks no dependency", { path: "/ready" }),
];
