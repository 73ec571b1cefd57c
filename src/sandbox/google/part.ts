import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../ports.ts";

/** `refuse`: nothing listens; `slow`: answers come late; `error500`: every answer is an internal error. */
export type PartMode = "up" | "refuse" | "slow" | "error500";

/** One host of Google's, on a port of its own so that it can be down by itself. */
export interface Part {
  readonly host: string;
  /** Requests that have arrived, answered or not. */
  requests(): number;
  /** `ms`: how late answers come in mode `slow` (default 5000). */
  setMode(mode: PartMode, options?: { ms?: number | undefined }): Promise<void>;
  close(): Promise<void>;
}

/** What is answered; an object is sent as JSON. */
export interface Reply {
  status: number;
  body: object | string;
  headers?: Readonly<Record<string, string>>;
}

/** Answers one request; `url` has path and query. */
export type Answerer = (request: IncomingMessage, url: URL) => Reply | Promise<Reply>;

const lateMs = 5000;

/** Listens on 127.0.0.1. */
export async function startPart(answer: Answerer): Promise<Part> {
  const port = await freePort();
  const closing = new AbortController();
  let state: { mode: PartMode; ms: number } = { mode: "up", ms: 0 };
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void serve(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { mode, ms } = state;
    if (mode === "slow") {
      await sleep(ms, undefined, { signal: closing.signal });
    }
    const failure: Reply = { status: 500, body: { error: "internal_failure" } };
    const url = new URL(request.url ?? "/", "http://google");
    send(response, mode === "error500" ? failure : await answer(request, url));
  }

  async function reconcile(): Promise<void> {
    const wanted = state.mode !== "refuse" && !closing.signal.aborted;
    if (wanted && !server.listening) {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    } else if (!wanted && server.listening) {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    }
  }

  await reconcile();
  return {
    host: `127.0.0.1:${port}`,
    requests: () => requests,
    setMode(mode, { ms } = {}) {
      state = { mode, ms: ms ?? lateMs };
      return reconcile();
    },
    close() {
      closing.abort();
      return reconcile();
    },
  };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
