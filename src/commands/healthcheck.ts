/** For container platforms: 0 or 1, one line, and nothing but Node's own modules, since it starts every few seconds. */
import { get } from "node:http";
import { get as getSecurely } from "node:https";
import { parseArgs } from "node:util";
import type { CliProcess } from "./context.ts";

const DEADLINE_MS = 2000;
const HEALTHY = 0;
/** Docker reserves 2, so wrong arguments are 1 as well. */
const UNHEALTHY = 1;

/** Asks this container's own service whether it lives. Never throws; resolves with 0 or 1. */
export async function healthcheck({
  argv,
  env,
  stdout,
  stderr,
}: Pick<CliProcess, "argv" | "env" | "stdout" | "stderr">): Promise<0 | 1> {
  try {
    const address = addressOf(argv.slice(3), env);
    const started = performance.now();
    const status = await statusOf(address);
    const ms = Math.round(performance.now() - started);
    const healthy = status >= 200 && status < 300;
    stdout.write(`${healthy ? "healthy" : "unhealthy"}: ${address.href} answered ${status} in ${ms} ms\n`);
    return healthy ? HEALTHY : UNHEALTHY;
  } catch (error) {
    stderr.write(`unhealthy: ${error instanceof Error ? error.message || error.name : String(error)}\n`);
    return UNHEALTHY;
  }
}

function addressOf(args: readonly string[], env: CliProcess["env"]): URL {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: "string" }, path: { type: "string" } },
  });
  const base = URL.parse(values.url ?? `http://${reachable(env.HOST || "127.0.0.1")}:${env.PORT || "8080"}`);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new TypeError("expected --url (or HOST and PORT) to make an http:// URL");
  if (base.username !== "" || base.password !== "")
    throw new TypeError("expected a --url without credentials");
  const address = new URL(values.path ?? "/health/live", base);
  if (address.origin !== base.origin) throw new TypeError("expected --path to begin with one slash");
  return address;
}

/** Addresses that mean "all of this machine" can be listened on, not asked. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

function statusOf(address: URL): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const options = { signal, agent: false, headers: { "user-agent": "greenlight-healthcheck" } };
  const request = (address.protocol === "https:" ? getSecurely : get)(address, options, (response) => {
    resolve(response.statusCode ?? 0);
    response.destroy();
  });
  request.once("error", (error: NodeJS.ErrnoException) => {
    const reason = signal.aborted ? `no answer within ${DEADLINE_MS} ms` : (error.code ?? error.message);
    reject(new Error(`${address.href}: ${reason}`, { cause: error }));
  });
  return promise;
}
