import { CauseError } from "../../errors.ts";
import { isGone } from "../../net/gone.ts";
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
} from "../../net/http-request.ts";
import { messageOf } from "../classify.ts";
import type { Target } from "../dependency.ts";
import { redirectOf } from "../http-expectations.ts";
import type { TlsOptions } from "../options.ts";
import { parseServiceTarget } from "../target.ts";
import { explainPlain } from "../tls-hint.ts";
import { isRecord, parseJson } from "../../json.ts";

/** Asks the hosts of one candidate. */
export interface AuthHttp {
  /** @throws {CauseError} `TLS_REQUIRED`; `ENDPOINT_UNREACHABLE` for another host than the candidate's; what the HTTP client throws. */
  ask(request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the candidate's own host takes no connection any more; never rejects. */
  readonly lost: Promise<void>;
  /** Ends all sockets. */
  close(): void;
}

export interface AuthHttpOptions {
  /** The candidate's own. */
  readonly target: Target;
  readonly tls: TlsOptions | undefined;
  /** How long a connection may take, in ms. */
  readonly connectMs: number;
}

interface Host {
  readonly client: HttpClient;
  readonly target: Target;
  /** The candidate's own. */
  readonly home: boolean;
}

/** One client per host, since TLS settings fit one: `servername` is for the candidate's own host alone. */
export function createAuthHttp({ target, tls, connectMs }: AuthHttpOptions): AuthHttp {
  const clients = new Map<string, Host>();
  const ended = new AbortController();
  const { promise: lost, resolve } = Promise.withResolvers<void>();

  async function reportGone(): Promise<void> {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(2 * connectMs)]);
    if (await isGone({ endpoint: target.endpoint, ms: connectMs, signal })) resolve();
  }

  function hostOf(url: URL): Host {
    const known = clients.get(url.host);
    if (known !== undefined) return known;
    const found = parseServiceTarget({ url: url.origin, tls: tls && elsewhere(tls) }).target;
    const home = found.host === target.host && found.port === target.port;
    const asked = home ? target : found;
    const client = createHttpClient({
      tls: asked.tls,
      checkAddress: asked.checkAddress,
      ...(home ? { onIdleClosed: () => void reportGone() } : {}),
    });
    const made = { client, target: asked, home };
    clients.set(url.host, made);
    return made;
  }

  return {
    lost,
    async ask(request) {
      const { client, target: asked, home } = hostOf(request.url);
      try {
        return await client.request(request);
      } catch (error) {
        const explained = await explainPlain(error, asked, request.signal);
        if (home || request.signal.aborted || explained instanceof CauseError) throw explained;
        // By its own code it would look as if the candidate could not be reached.
        throw new CauseError("ENDPOINT_UNREACHABLE", `${request.url.host}: ${messageOf(explained)}`, {
          cause: explained,
        });
      }
    },
    close() {
      ended.abort();
      for (const { client } of clients.values()) client.close();
    },
  };
}

const elsewhere = ({ mode, ca }: TlsOptions): TlsOptions => ({ mode, ...(ca === undefined ? {} : { ca }) });

/** @throws {CauseError} `HTTP_REDIRECTED` for an answer that leads elsewhere. */
export function expectNoRedirect(answer: Pick<HttpAnswer, "status" | "headers">, url: URL): void {
  const redirect = redirectOf(answer, `an answer of ${url.pathname}`, url);
  if (redirect !== undefined) throw redirect;
}

/** The JSON object in an answer; undefined when it holds none. */
export function objectIn({ body }: Pick<HttpAnswer, "body">): Readonly<Record<string, unknown>> | undefined {
  const json = parseJson(body);
  return isRecord(json) ? json : undefined;
}

export const isSuccess = ({ status }: Pick<HttpAnswer, "status">): boolean => status >= 200 && status <= 299;
