import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Incoming } from "./dispatch.ts";
import type { FaultKind, Faults } from "./faults.ts";

/** A request that came, and how it was answered; bodies and tokens are not kept as they came. */
export interface Logged {
  readonly at: number;
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  /** Undefined: never answered. */
  status: number | undefined;
  caller: string | undefined;
}

export interface Listener {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

const htmlNotFound = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>";

/** Listens on 127.0.0.1; paths are `/{api}/…`. `onWritten` is called after each request that may have changed something. */
export async function listen(options: {
  answer: (incoming: Incoming) => Answer;
  faults: Faults;
  log: Logged[];
  now: () => number;
  onWritten: () => void;
}): Promise<Listener> {
  const { faults, log } = options;
  const closing = new AbortController();
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://gcp");
    const [, api = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    const body = await text(request);
    const method = request.method ?? "GET";
    const entry: Logged = {
      at: options.now(),
      api,
      method,
      path,
      query: url.searchParams.toString(),
      body: parsed(body),
      status: undefined,
      caller: undefined,
    };
    log.push(entry);
    if (api === "") {
      send(response, entry, 404, htmlNotFound, "text/html; charset=UTF-8");
      return;
    }
    const carryOut = (): Answer => {
      const authorization = request.headers.authorization;
      const answer = options.answer({ api, method, path, query: url.searchParams, authorization, body });
      entry.caller = answer.caller;
      if (method !== "GET") options.onWritten();
      return answer;
    };
    const fault = faults.take({ api, method, path });
    if (fault !== undefined && !(await mayGoOn(fault, response, entry, carryOut))) return;
    const { status, body: answered } = carryOut();
    send(response, entry, status, JSON.stringify(answered, null, 2));
  }

  /** Whether the request is still to be carried out and answered. */
  async function mayGoOn(
    fault: FaultKind,
    response: ServerResponse,
    entry: Logged,
    carryOut: () => Answer,
  ): Promise<boolean> {
    switch (fault.kind) {
      case "delay":
        await sleep(fault.ms, undefined, { signal: closing.signal });
        return true;
      case "first":
        fault.act();
        options.onWritten();
        return true;
      case "answer": {
        const { body, type } = fault;
        send(
          response,
          entry,
          fault.status,
          typeof body === "string" ? body : JSON.stringify(body ?? {}),
          type,
        );
        return false;
      }
      case "cut":
        if (fault.after === true) carryOut();
        response.destroy();
        return false;
      case "silence":
        if (fault.after === true) carryOut();
        return false;
      default:
        return fault satisfies never;
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(
  response: ServerResponse,
  entry: Logged,
  status: number,
  body: string,
  type = "application/json; charset=UTF-8",
): void {
  entry.status = status;
  response.writeHead(status, { "content-type": type, vary: "X-Origin, Referer, Origin,Accept-Encoding" });
  response.end(body);
}

function parsed(body: string): unknown {
  try {
    return body === "" ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}
