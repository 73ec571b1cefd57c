// @ts-check
import { record, string } from "./untrusted.js";

/** @typedef {import("./types.ts").Answer} Answer */
/** @typedef {import("./types.ts").Trouble} Trouble */

const DEADLINE_MS = 8000;

/**
 * Asks the service that the page comes from. The token goes into the header of these requests and nowhere else.
 *
 * @param {{ readonly fetch: typeof globalThis.fetch, readonly base: string, readonly token: () => string | undefined }} options
 */
export function createApi({ fetch, base, token }) {
  /** @param {string} path @param {RequestInit} init */
  function request(path, init) {
    const held = token();
    const headers = new Headers(init.headers);
    if (held !== undefined) headers.set("authorization", `Bearer ${held}`);
    // Relative, so that a service beneath a path of its proxy is asked there.
    const url = new URL(path.replace(/^\//, ""), base);
    return fetch(url, {
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      ...init,
      headers,
    });
  }

  return {
    /**
     * Never rejects: what goes wrong is part of what is shown.
     *
     * @param {string} path
     * @param {AbortSignal} signal
     * @returns {Promise<Answer>}
     */
    async get(path, signal) {
      try {
        const response = await request(path, {
          headers: { accept: "application/json" },
          signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
        });
        return await answerOf(response);
      } catch (error) {
        return { ok: false, trouble: unreachable(error) };
      }
    },
    /** @param {string} path @param {RequestInit} init */
    open: (path, init) => request(path, init),
  };
}

/** @param {Response} response @returns {Promise<Answer>} */
async function answerOf(response) {
  const type = response.headers.get("content-type") ?? "";
  // Of health and gates 503 is an answer like 200; a problem or a proxy's page never is.
  if ((response.ok || response.status === 503) && /^application\/(?:health\+)?json\b/.test(type)) {
    return { ok: true, status: response.status, body: await response.json() };
  }
  return { ok: false, trouble: await troubleOf(response, type) };
}

/** @param {Response} response @param {string} type @returns {Promise<Trouble>} */
async function troubleOf(response, type) {
  const { status } = response;
  const problem = type.startsWith("application/problem+json") ? record(await response.json()) : {};
  await response.body?.cancel().catch(() => undefined);
  const kind = status === 401 || status === 403 ? "refused" : "failed";
  return {
    kind,
    status,
    title: string(problem.title, `It answers ${status}`),
    detail: string(problem.detail, "Something else than the service may have answered."),
    ...(typeof problem.run === "string" && { run: problem.run }),
  };
}

/** @param {unknown} error @returns {Trouble} */
function unreachable(error) {
  const late = error instanceof DOMException && error.name === "TimeoutError";
  return {
    kind: "unreachable",
    status: 0,
    title: "The service does not answer",
    detail: late
      ? `There was no answer within ${DEADLINE_MS / 1000} s.`
      : "The connection failed, or what came is no answer.",
  };
}
