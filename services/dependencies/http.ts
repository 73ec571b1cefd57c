import { CauseError } from "../errors.ts";
import { isGone } from "../net/gone.ts";
import { createHttpClient, type HttpAnswer } from "../net/http-request.ts";
import { classifyError } from "./classify.ts";
import type { Connection, Dependency } from "./dependency.ts";
import { expectAnswer, expectStatus, readMember } from "./http-expectations.ts";
import type { HttpOptions } from "./options.ts";
import { versionIn } from "./server-version.ts";
import { commonOf, parseServiceTarget, type ServiceAddress } from "./target.ts";
import { explainPlain } from "./tls-hint.ts";

/** Any HTTP service: one GET for each observation, of which status, headers and JSON body are judged. */
export function createHttp(options: HttpOptions): Dependency {
  const address = parseServiceTarget({ url: options.url, tls: options.tls });
  const { redact } = address;
  return {
    name: options.name,
    kind: "http",
    ...commonOf(options, address),
    asserts: options.headers.length > 0 || options.json.length > 0,
    open: async () => open(options, address),
    classify: (error, rung) => classifyError({ error, rung, redact, recognise: () => undefined }),
    // Thrown only of an answer that was read.
    answered: (error) => error instanceof CauseError && ANSWERS.has(error.code),
  };
}

const ANSWERS: ReadonlySet<string> = new Set([
  "HTTP_STATUS",
  "HTTP_REDIRECTED",
  "HEADER_MISMATCH",
  "JSON_MISMATCH",
]);

/** HTTP has no login of its own, so that nothing is sent before the query. */
function open(options: HttpOptions, { target, redact }: ServiceAddress): Connection {
  const url = new URL(options.url);
  const { connectMs: ms, totalMs } = options.deadlines;
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const client = createHttpClient({
    tls: target.tls,
    checkAddress: target.checkAddress,
    onIdleClosed: () => void reportGone(),
  });
  const reportGone = async (): Promise<void> => {
    const signal = AbortSignal.timeout(totalMs);
    const gone = await isGone({ endpoint: target.endpoint, ms, signal });
    // A request under way finds that out by itself, and names it better.
    if (gone && !asking) resolve();
  };
  let asking = false;
  let answer: HttpAnswer | undefined;
  let version: string | undefined;
  const get = async (signal: AbortSignal): Promise<HttpAnswer> => {
    answer = undefined;
    asking = true;
    try {
      const found = await client.request({ url, signal });
      expectStatus(found, options.status, url);
      return found;
    } catch (error) {
      throw await explainPlain(error, target, signal);
    } finally {
      asking = false;
    }
  };
  return {
    lost,
    version: () => version,
    destroy: () => client.close(),
    async query(signal) {
      answer = await get(signal);
      version = versionIn(answer.body, redact);
      return `answered ${answer.status}`;
    },
    async assert(signal) {
      expectAnswer(answer ?? (await get(signal)), options, redact);
    },
    async read(pointer, signal) {
      return readMember(await get(signal), pointer);
    },
  };
}
