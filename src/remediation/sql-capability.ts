import { createDependency } from "../../services/dependencies/create.ts";
import type { Dependency } from "../../services/dependencies/dependency.ts";
import type { DependencyOptions, PostgresOptions } from "../../services/dependencies/options.ts";
import type { Rung } from "../../services/causes.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import type { Json } from "../../services/remediation/action.ts";
import { type Row, type SqlCapability, SqlError } from "../../services/remediation/capability.ts";

/** Longer than for an observation: what is asked may be more than whether it answers. */
const CONNECT_MS = 5000;
const QUERY_MS = 5000;

/** Statements on the configured Postgres servers, each on a fresh connection that is closed at once. */
export function createSqlCapability(dependencies: readonly DependencyOptions[]): SqlCapability {
  return {
    async query(name, text, params, signal) {
      const options = dependencies.find((each) => each.name === name);
      if (options?.kind !== "postgres") {
        const found = options === undefined ? "nothing of that name" : `a ${options.kind}`;
        throw new SqlError(`expected a configured Postgres called ${name}, found ${found}`);
      }
      return ask(await createDependency(patient(options)), { text, params, signal });
    },
  };
}

interface Statement {
  readonly text: string;
  readonly params: readonly Json[];
  readonly signal: AbortSignal;
}

async function ask(dependency: Dependency, { text, params, signal }: Statement): Promise<readonly Row[]> {
  const { connectMs, queryMs } = dependency.deadlines;
  let rung: Rung = "authenticate";
  try {
    const connection = await withDeadline({ ms: connectMs, signal, waitedFor: "the login" }, (inner) =>
      dependency.open(inner),
    );
    rung = "assert";
    try {
      const answer = { ms: queryMs, signal, waitedFor: "the statement" };
      const rows = await withDeadline(answer, async (inner) => connection.rows?.(text, params, inner) ?? []);
      return rows.map(toRow);
    } finally {
      connection.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    const fault = dependency.classify(error, rung);
    throw new SqlError(`${dependency.name}: ${fault.code}: ${fault.message}`, fault);
  }
}

const patient = (options: PostgresOptions): PostgresOptions => ({
  ...options,
  deadlines: {
    ...options.deadlines,
    connectMs: Math.max(options.deadlines.connectMs, CONNECT_MS),
    queryMs: Math.max(options.deadlines.queryMs, QUERY_MS),
  },
});

const toRow = (row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJson(value)]));

/** Times become ISO 8601, and bytes what Postgres writes for them. */
function toJson(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (Buffer.isBuffer(value)) return String.raw`\x${value.toString("hex")}`;
  if (typeof value === "bigint") return value.toString();
  return JSON.parse(JSON.stringify(value) ?? "null") as Json;
}
