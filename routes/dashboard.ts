import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PUBLIC } from "./access.ts";
import { prefersJson } from "./accepts.ts";
import { etagOf, matchesEtag } from "./etag.ts";
import { PAGE_LINKS } from "./page-links.ts";
import { sendProblem } from "./problem.ts";
import { HIDDEN } from "./schemas.ts";
import { dashboardSchema } from "./schemas-dashboard.ts";
import type { HeaderList } from "./security-headers.ts";

/** One file of the page, the same bytes for everybody. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly body: Buffer;
}

/** Undefined for a name that is no file of the page. */
export type ReadPageFile = (name: string) => Promise<PageFile | undefined>;

export interface DashboardRoutesOptions {
  readonly read: ReadPageFile;
  /** Headers of every answer. */
  readonly headers: HeaderList;
  /** The same with the policy of a page that loads its own scripts. */
  readonly pageHeaders: HeaderList;
}

/**
 * The page and its files: for everybody, without a token and uncounted, since they hold no data. What the page shows it
 * asks for like any other caller.
 */
export function dashboardRoutes(
  app: FastifyInstance,
  { read, headers, pageHeaders }: DashboardRoutesOptions,
): void {
  const index = indexFile();
  app.get("/", { schema: dashboardSchema, config: PUBLIC }, async (request, reply) => {
    if (prefersJson(request.headers.accept)) return send(request, reply, index, headers);
    const page = await read("index.html");
    return page === undefined ? sendNoFile(reply) : send(request, reply, page, pageHeaders);
  });

  app.get<{ Params: { file: string } }>(
    "/dashboard/:file",
    { schema: HIDDEN, config: PUBLIC },
    async (request, reply) => {
      const { file: name } = request.params;
      // The page needs a policy of its own, which it has at / alone.
      const file = name.endsWith(".html") ? undefined : await read(name);
      return file === undefined ? sendNoFile(reply) : send(request, reply, file, headers);
    },
  );
}

/** Past Fastify's reply, which would put the policy of all other answers on the page. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, etag, body }: PageFile,
  always: HeaderList,
): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  // A new version is shown with the next look at it; what has not changed is not sent again.
  const common = [
    "content-type",
    type,
    "cache-control",
    "no-cache",
    "etag",
    etag,
    "vary",
    "Accept",
    ...always,
  ];
  if (matchesEtag(request.headers["if-none-match"], etag)) {
    raw.writeHead(304, common);
    raw.end();
  } else {
    raw.writeHead(200, [...common, "content-length", String(body.length)]);
    raw.end(request.method === "HEAD" ? undefined : body);
  }
  return reply;
}

const sendNoFile = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, {
    status: 404,
    code: "NOT_FOUND",
    title: "No such file",
    detail: "The dashboard has no file of that name; its page is at /.",
  });

function indexFile(): PageFile {
  const body = Buffer.from(`${JSON.stringify({ name: "Greenlight", dashboard: "/", links: PAGE_LINKS })}\n`);
  return { type: "application/json; charset=utf-8", etag: etagOf(body), body };
}
