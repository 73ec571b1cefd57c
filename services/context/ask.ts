import { createDependency } from "../dependencies/create.ts";
import type { AuthOptions, DependencyOptions, HttpOptions } from "../dependencies/options.ts";
import type { Dependency } from "../dependencies/dependency.ts";
import { DeadlineError } from "../errors.ts";
import { withDeadline } from "../net/deadline.ts";
import { oneLine } from "../redact.ts";
import type { Declaration } from "./evidence.ts";

/** A dependency, and where it keeps the name of its environment. */
export interface Declared {
  readonly options: DependencyOptions;
  /** A statement, a key or a JSON pointer. */
  readonly what: string;
}

/**
 * Asks each dependency which environment it is of, all at the same time, on fresh connections that end with the answer.
 * Never rejects but for the reason of `signal`: what cannot be read is a declaration too.
 */
export async function askDeclarations(
  declared: readonly Declared[],
  signal: AbortSignal,
): Promise<readonly Declaration[]> {
  const all = await Promise.all(declared.map((each) => askOne(each, signal)));
  signal.throwIfAborted();
  return all;
}

async function askOne({ options, what }: Declared, signal: AbortSignal): Promise<Declaration> {
  const { name: dependency } = options;
  if (options.kind === "auth") return askAuth(options, what, signal);
  const server = await createDependency(options);
  try {
    return toDeclaration(dependency, await readOnce(server, what, signal));
  } catch (error) {
    return { dependency, kind: "unreadable", message: describe(server, error) };
  }
}

/** The first of the real servers that answers: what stands in for them declares nothing. */
async function askAuth(options: AuthOptions, what: string, signal: AbortSignal): Promise<Declaration> {
  const { name: dependency, candidates } = options;
  const messages: string[] = [];
  for (const candidate of candidates.filter(({ kind }) => kind === "real")) {
    const answer = await askOne({ options: statusOf(candidate, options), what }, signal);
    if (answer.kind !== "unreadable") return { ...answer, dependency };
    messages.push(`${candidate.name}: ${answer.message}`);
  }
  const message = messages.length === 0 ? "no candidate is of kind `real`" : messages.join("; ");
  return { dependency, kind: "unreadable", message };
}

/** Its status, as any HTTP service would be asked for it. */
function statusOf(
  { url, healthPath, tls }: AuthOptions["candidates"][number],
  { name, required, intervalMs, deadlines }: AuthOptions,
): HttpOptions {
  return {
    kind: "http",
    name,
    required,
    intervalMs,
    deadlines,
    url: url + healthPath,
    ...(tls === undefined ? {} : { tls }),
    // A service that is down tells its environment all the same.
    status: [200, 503],
    headers: [],
    json: [],
  };
}

function readOnce(server: Dependency, what: string, signal: AbortSignal): Promise<string | undefined> {
  const { connectMs, queryMs, totalMs } = server.deadlines;
  const ms = Math.min(totalMs, connectMs + 2 * queryMs);
  return withDeadline({ ms, waitedFor: "the declaration", signal }, async (inner) => {
    const connection = await server.open(inner);
    try {
      return await connection.read?.(what, inner);
    } finally {
      connection.destroy();
    }
  });
}

function toDeclaration(dependency: string, text: string | undefined): Declaration {
  const told = text?.trim();
  if (told) return { dependency, kind: "told", text: told };
  return { dependency, kind: "missing", message: "what `declares` names is not there, or is empty" };
}

/** The cause alone would blame a rung; what matters is that nothing was told. */
function describe(server: Dependency, error: unknown): string {
  if (error instanceof DeadlineError) return error.message;
  const { code, message } = server.classify(error, "query");
  return `${code}: ${oneLine(message, 200)}`;
}
