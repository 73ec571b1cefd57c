import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ChdbResult, Session } from "chdb";
import { ClickHouseFailure } from "./failure.ts";

/** A statement with all it depends on. */
export interface Statement {
  sql: string;
  format: string;
  database: string | undefined;
  parameters: Readonly<Record<string, string>>;
  settings: Readonly<Record<string, string>>;
  session?: { id: string; timeoutMs: number } | undefined;
}

/** The ClickHouse engine in this process. */
export interface Engine {
  readonly version: string;
  /** Runs one statement. Throws the error of the engine, or `ClickHouseFailure` 373 for a busy session. */
  run(statement: Statement): Promise<ChdbResult>;
}

interface KeptSession {
  session: Session;
  busy: boolean;
  timer: NodeJS.Timeout | undefined;
}

const users = `<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>
<password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>
<access_management>1</access_management></default></users></clickhouse>`;

/** Opens the engine on a directory; its data survive in there. */
export async function openEngine(directory: string): Promise<Engine> {
  const usersFile = join(directory, "users.xml");
  const configFile = join(directory, "config.xml");
  writeFileSync(usersFile, users);
  writeFileSync(configFile, `<clickhouse><users_config>${usersFile}</users_config></clickhouse>`);
  const data = join(directory, "data");
  const open = (): Session => new Session(data, { connectionArgs: [`--config-file=${configFile}`] });

  // The engine lives as long as one session is open; this one is never closed.
  const first = open();
  const version = (await first.queryAsync("SELECT version()", { format: "TabSeparated" })).text().trim();
  const kept = new Map<string, KeptSession>();

  async function runInKept(id: string, timeoutMs: number, statement: Statement): Promise<ChdbResult> {
    const entry = kept.get(id) ?? { session: open(), busy: false, timer: undefined };
    if (entry.busy) {
      throw new ClickHouseFailure(
        373,
        "SESSION_IS_LOCKED",
        `Session ${id} is locked by a concurrent client.`,
      );
    }
    kept.set(id, entry);
    clearTimeout(entry.timer);
    entry.busy = true;
    try {
      return await runIn(entry.session, statement);
    } finally {
      entry.busy = false;
      entry.timer = setTimeout(() => {
        kept.delete(id);
        entry.session.close();
      }, timeoutMs).unref();
    }
  }

  return {
    version,
    async run(statement) {
      if (statement.session !== undefined) {
        return runInKept(statement.session.id, statement.session.timeoutMs, statement);
      }
      // A session of its own (0.3 ms) for every request: no USE, SET or parameter reaches the next one.
      const session = open();
      try {
        return await runIn(session, statement);
      } finally {
        session.close();
      }
    },
  };
}

async function runIn(session: Session, statement: Statement): Promise<ChdbResult> {
  for (const preparation of preparations(statement)) {
    await session.queryAsync(preparation);
  }
  return session.queryAsync(statement.sql, { format: statement.format });
}

function preparations({ database, parameters, settings }: Statement): string[] {
  const { readonly, ...others } = settings;
  const assignments = [
    ...Object.entries(parameters).map(([name, value]) => `param_${checked(name)} = ${literal(value)}`),
    ...Object.entries(others).map(([name, value]) => `${checked(name)} = ${literal(value)}`),
    // Last, because nothing can be set after it.
    ...(readonly === undefined ? [] : [`readonly = ${literal(readonly)}`]),
  ];
  return [
    ...(database === undefined ? [] : [`USE \`${database.replaceAll("`", "\\`")}\``]),
    ...(assignments.length === 0 ? [] : [`SET ${assignments.join(", ")}`]),
  ];
}

function checked(name: string): string {
  if (!/^\w+$/.test(name)) {
    throw new ClickHouseFailure(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
  }
  return name;
}

function literal(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
