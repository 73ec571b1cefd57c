import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Feed, FeedEvent } from "../services/health/feed.ts";
import { rateHeaders, rateOf } from "./access.ts";
import { sendProblem } from "./problem.ts";
import { NoQuery, problemContent } from "./schemas.ts";
import type { HeaderList } from "./security-headers.ts";

export interface EventsRoutesOptions {
  readonly feed: Feed;
  /** Streams open at the same time. Default 100. */
  readonly maxStreams?: number;
  /** Milliseconds between comments that keep proxies from closing an idle stream. Default 15 000. */
  readonly heartbeatMs?: number;
  /** Headers of every answer. Default: none. */
  readonly headers?: HeaderList;
  /** Wall-clock milliseconds; given where a stream ends with the token of its reader. */
  readonly now?: () => number;
}

/** A guarded stream ends after this time at most: a right that was withdrawn is not used for longer. */
const MAX_STREAM_MS = 60 * 60_000;

/** A reader that does not read is dropped when this many bytes wait for it; it reconnects and asks from its last id. */
const MAX_WAITING_BYTES = 64 * 1024;

const STREAM_HEADERS: HeaderList = [
  "content-type",
  "text/event-stream; charset=utf-8",
  "cache-control",
  "no-cache",
  "x-accel-buffering",
  "no",
];

/** Server-sent events: every change of status, cause, breaker or verdict, and every step of a run. */
export function eventsRoutes(app: FastifyInstance, options: EventsRoutesOptions): void {
  const { feed, maxStreams = 100, heartbeatMs = 15_000, headers = [], now } = options;
  const streams = new Set<ServerResponse>();
  const unsubscribe = feed.subscribe((event) => {
    for (const stream of streams) write(stream, format(event));
  });
  const heartbeat = setInterval(() => {
    for (const stream of streams) write(stream, ": still here\n\n");
  }, heartbeatMs).unref();

  // Before the server waits for open requests to end: a stream never ends by itself.
  app.addHook("preClose", () => {
    clearInterval(heartbeat);
    unsubscribe();
    for (const stream of streams) stream.end();
  });

  const schema = {
    tags: ["events"],
    summary: "Changes of status, cause, breaker and verdict, and how runs go on, as they happen",
    querystring: NoQuery,
    response: {
      200: {
        description: "Server-sent events",
        content: { "text/event-stream": { schema: { type: "string" } } },
      },
      503: problemContent("Too many streams are open."),
    },
  };
  // Without HEAD: it would open a stream that carries nothing.
  app.get("/events", { schema, exposeHeadRoute: false }, (request, reply) => {
    if (streams.size >= maxStreams) {
      return sendProblem(reply, {
        status: 503,
        code: "TOO_MANY_STREAMS",
        title: "Too many event streams",
        retryAfter: 5,
        detail: `${maxStreams} streams are open; poll /health instead, or close one.`,
      });
    }
    const lastId = Number(request.headers["last-event-id"] ?? Number.NaN);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, [...STREAM_HEADERS, ...headers, ...rateHeaders(rateOf(request))]);
    streams.add(raw);
    raw.once("close", () => streams.delete(raw));
    if (now !== undefined) {
      // The reader reconnects by itself, and is asked for its token again.
      const leftMs = (request.admitted?.expiresAt ?? 0) - now();
      const end = setTimeout(() => raw.end(), Math.min(Math.max(0, leftMs), MAX_STREAM_MS)).unref();
      raw.once("close", () => clearTimeout(end));
    }
    raw.write("retry: 2000\n\n");
    if (Number.isInteger(lastId)) for (const event of feed.since(lastId)) write(raw, format(event));
    return reply;
  });
}

function write(stream: ServerResponse, text: string): void {
  if (stream.writableLength > MAX_WAITING_BYTES) stream.destroy();
  else stream.write(text);
}

function format({ id, at, type, ...event }: FeedEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ ...event, time: new Date(at).toISOString() })}\n\n`;
}
