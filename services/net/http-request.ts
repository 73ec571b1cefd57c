import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import type { LookupFunction } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { urlToHttpOptions } from "node:url";
import { CauseError, GreenlightError } from "../errors.ts";
import { type CheckAddress, checkHost, guardedLookup } from "./address-guard.ts";

export interface HttpClientOptions {
  /** From `tlsSettings`, which fit one host: a client that asks several hosts is made without. Default: full verification. */
  readonly tls?: ConnectionOptions | undefined;
  /** Judges each address before a connection is made to it; without one every address is asked. */
  readonly checkAddress?: CheckAddress | undefined;
  /** Resolves names; default the system's. */
  readonly lookup?: LookupFunction | undefined;
  /** Called when the other side ends a kept-alive socket that nobody was using. */
  readonly onIdleClosed?: (() => void) | undefined;
}

export interface HttpRequest {
  /** `http:` or `https:`; a user and password in it become the `Authorization` header. */
  readonly url: URL;
  /** Default `GET`. */
  readonly method?: "GET" | "HEAD" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The only bound in time; aborting it destroys the socket. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As UTF-8, without a byte order mark, which JSON does not allow. */
  readonly body: string;
}

export interface HttpClient {
  /**
   * Asks once and reads the whole answer. Redirects are answers like any other and never followed.
   *
   * @throws {CauseError} `ADDRESS_FORBIDDEN`, `ANSWER_TOO_LARGE`; Node's error (`ECONNREFUSED`, `HPE_…`,
   *   `CERT_HAS_EXPIRED` …); the reason of `signal` when that aborts.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Aborts what is under way and ends the kept-alive sockets. */
  close(): void;
}

/** The longest body that is read, in bytes: expectations are about statuses and small documents. */
export const MAX_BODY_BYTES = 256 * 1024;

/** A small HTTP client for probing: kept-alive sockets, nothing followed, nothing cached, nothing decompressed. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { checkAddress, lookup } = options;
  // No limit of sockets in use: for a request that was given up in the queue, Node opens one that nobody ends.
  const settings = { keepAlive: true, maxFreeSockets: 4, scheduling: "lifo" as const };
  // A variable of Node's can switch verification off for all; a resumed session skips the check of the name.
  const tls = { rejectUnauthorized: true, ...options.tls, maxCachedSessions: 0 };
  const plainAgent = new Agent(settings);
  const tlsAgent = new TlsAgent({ ...settings, ...tls });
  const closed = new AbortController();
  const onIdleClosed = (): void => {
    if (!closed.signal.aborted) options.onIdleClosed?.();
  };
  for (const agent of [plainAgent, tlsAgent]) watchIdle(agent, onIdleClosed);
  const connecting = {
    ...(checkAddress === undefined ? {} : { lookup: guardedLookup(checkAddress, lookup) }),
    ...(checkAddress === undefined && lookup !== undefined ? { lookup } : {}),
  };

  async function ask(asked: HttpRequest, fresh: boolean): Promise<HttpAnswer | "stale"> {
    const { url, method = "GET", headers = {}, body, signal } = asked;
    signal.throwIfAborted();
    closed.signal.throwIfAborted();
    const secure = url.protocol === "https:";
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer | "stale">();
    const sent = (secure ? requestTls : requestPlain)({
      ...urlToHttpOptions(url),
      ...connecting,
      ...(secure ? tls : {}),
      method,
      agent: fresh ? false : secure ? tlsAgent : plainAgent,
      headers: {
        "user-agent": "greenlight",
        accept: "*/*",
        "accept-encoding": "identity",
        // What a cache on the way remembers says nothing about now.
        "cache-control": "no-cache",
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    const stop = (reason: unknown): void => {
      reject(reason);
      // Without an error of its own: one that nobody awaits any more must not be raised.
      sent.destroy();
    };
    const onAbort = (): void => stop(signal.aborted ? signal.reason : closed.signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    closed.signal.addEventListener("abort", onAbort, { once: true });
    let readBefore = 0;
    sent.once("socket", (socket) => (readBefore = socket.bytesRead));
    sent.on("error", (error) => {
      const heard = (sent.socket?.bytesRead ?? 0) > readBefore;
      if (sent.reusedSocket && !heard && isHangUp(error)) resolve("stale");
      else reject(error);
    });
    sent.once("response", (answer) => void readAnswer(answer).then(resolve, stop));
    // Node ends the connection of an unasked switch of protocols without an error, and so without a word.
    sent.once("upgrade", (_answer, socket) => {
      socket.destroy();
      reject(new GreenlightError("PROTOCOL", "the server switches to a protocol that nobody asked for"));
    });
    sent.end(body);
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      closed.signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    async request(asked) {
      if (!/^https?:$/.test(asked.url.protocol)) {
        throw new CauseError("ADDRESS_FORBIDDEN", `expected http or https, found ${asked.url.protocol}`);
      }
      if (checkAddress !== undefined) checkHost(asked.url.hostname, checkAddress);
      // A server may end a kept-alive socket at the moment it is used again. That says nothing about the server, and
      // a GET is asked once more; a POST may not be repeated, so it never goes by a socket that was used before.
      const answer = await ask(asked, asked.method === "POST");
      const final = answer === "stale" ? await ask(asked, true) : answer;
      if (final === "stale")
        throw new GreenlightError("PROTOCOL", "a fresh socket was reported as a used one");
      return final;
    },
    close() {
      closed.abort(new GreenlightError("CLIENT_CLOSED", "the HTTP client was closed"));
      plainAgent.destroy();
      tlsAgent.destroy();
    },
  };
}

function watchIdle(agent: Agent, onClosed: () => void): void {
  const { keepSocketAlive, reuseSocket } = agent;
  agent.keepSocketAlive = function keepWatched(socket) {
    socket.once("close", onClosed);
    return keepSocketAlive.call(agent, socket);
  };
  agent.reuseSocket = function reuseUnwatched(socket, request) {
    socket.off("close", onClosed);
    reuseSocket.call(agent, socket, request);
  };
}

const isHangUp = (error: NodeJS.ErrnoException): boolean =>
  error.code === "ECONNRESET" || error.code === "EPIPE";

async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new CauseError("ANSWER_TOO_LARGE", `expected at most ${MAX_BODY_BYTES} bytes, found more`);
    }
    chunks.push(chunk);
  }
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: new TextDecoder().decode(Buffer.concat(chunks)),
  };
}
