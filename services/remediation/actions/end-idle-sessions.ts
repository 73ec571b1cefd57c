import type { Action, Assessment, Json, Outcome } from "../action.ts";
import { type SqlCapability, SqlError } from "../capability.ts";
import { failed, pending, positionUnknown, refused, unknown } from "./gcp.ts";
import {
  end,
  endStatement,
  findIdle,
  readRoom,
  remaining,
  type Room,
  type Session,
} from "./idle-sessions-sql.ts";
import { DEPENDENCY_RULE, wholeRule } from "./local-rules.ts";
import { readParams } from "./params.ts";
import { quoteWord } from "./shell.ts";

type Params = { readonly dependency: string; readonly olderThanMs: number; readonly limit: number };

const RULES = {
  dependency: DEPENDENCY_RULE,
  // What has been idle for less may be a pool that is at work.
  olderThanMs: wholeRule("ms without work", { min: 10_000, max: 7 * 86_400_000 }),
  limit: wholeRule("the most sessions that are ended", { min: 1, max: 1000 }),
};

const NO_SQL = "no database can be asked from here";
const NOT_BACK = "ended sessions cannot be taken back; pools open new ones when they need them";

/**
 * Ends idle sessions of the configured role where Postgres has no room for new ones. Nobody else's, none that works, and
 * of those recorded only what has not been used since.
 */
export function endIdleSessions(): Action<Params> {
  return {
    kind: "end-idle-sessions",
    destructive: true,
    parse: (params) => readParams<Params>(params, RULES),
    async assess(params, { sql }, signal) {
      if (sql === undefined) return refused(NO_SQL);
      try {
        return await assess(params, sql, signal);
      } catch (error) {
        return unknown(because(error, params, signal));
      }
    },
    async apply(params, prior, { sql }, signal) {
      if (sql === undefined) return failed(NO_SQL);
      try {
        await end(sql, sessionsIn(prior), { ...params, signal });
        return await progress(params, prior, sql, signal);
      } catch (error) {
        return failed(because(error, params, signal));
      }
    },
    async settle(params, prior, { sql }, signal) {
      if (sql === undefined) return failed(NO_SQL);
      try {
        return await progress(params, prior, sql, signal);
      } catch (error) {
        return pending(because(error, params, signal));
      }
    },
    async rollback(params, prior, { sql }, signal) {
      if (sql === undefined) return failed(NO_SQL);
      try {
        const sessions = sessionsIn(prior);
        const left = await remaining(sql, sessions, { ...params, signal });
        if (left.length === sessions.length) return { kind: "done", evidence: "no session had been ended" };
        return failed(`${sessions.length - left.length} of ${sessions.length} are gone: ${NOT_BACK}`);
      } catch (error) {
        return failed(because(error, params, signal));
      }
    },
    async locate(params, prior, { sql }, signal) {
      if (sql === undefined) return positionUnknown(NO_SQL);
      try {
        const sessions = sessionsIn(prior);
        const left = await remaining(sql, sessions, { ...params, signal });
        if (left.length === 0) return "after";
        return left.length === sessions.length ? "before" : "between";
      } catch (error) {
        return positionUnknown(because(error, params, signal));
      }
    },
    command: (params) => `psql "$DATABASE_URL" -c ${quoteWord(endStatement(params))}`,
    permissions: () => [],
  };
}

async function assess(params: Params, sql: SqlCapability, signal: AbortSignal): Promise<Assessment> {
  const { dependency, olderThanMs, limit } = params;
  const room = await readRoom(sql, { dependency, signal });
  if (room === undefined) return unknown(`${dependency} does not say how many sessions it takes`);
  const { role, superuser, free } = room;
  if (superuser)
    return refused(
      `${dependency} is configured with the role ${role}, which is a superuser or replicates: sessions of such a role are never ended`,
    );
  if (!isTight(room))
    return { kind: "satisfied", evidence: `${free} of ${room.limit} sessions are free for ${role}` };
  const sessions = await findIdle(sql, { dependency, olderThanMs, limit, signal });
  if (sessions.length === 0)
    return refused(
      `${free} of ${room.limit} sessions are free, and none of ${role} in ${room.database} has been idle for ${olderThanMs} ms: others hold them, or they are at work. Find out who, or raise max_connections.`,
    );
  return {
    kind: "needed",
    change: {
      symbol: "-",
      target: `idle sessions of ${role} in ${room.database} (${dependency})`,
      before: { sessions: sessions.length, of: countBy(sessions) },
      after: { sessions: 0 },
    },
    prior: { sessions },
  };
}

/** Fewer than three, or than a twentieth, are used up by the next test run. */
const isTight = ({ free, limit }: Room): boolean => free < Math.max(3, limit / 20);

async function progress(
  { dependency }: Params,
  prior: Json,
  sql: SqlCapability,
  signal: AbortSignal,
): Promise<Outcome> {
  const sessions = sessionsIn(prior);
  const left = await remaining(sql, sessions, { dependency, signal });
  if (left.length > 0) return pending(`${left.length} of ${sessions.length} sessions have not ended yet`);
  return { kind: "done", evidence: `none of the ${sessions.length} sessions is idle there any more` };
}

/** Whose they are, by what they call themselves. */
function countBy(sessions: readonly Session[]): Readonly<Record<string, number>> {
  const names = Map.groupBy(sessions, ({ application }) => application || "(no name)");
  return Object.fromEntries([...names].map(([name, each]) => [name, each.length]));
}

/** @throws the reason of the signal when that aborted. */
function because(error: unknown, { dependency }: Params, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (!(error instanceof SqlError)) return error instanceof Error ? error.message : String(error);
  if (error.fault?.code !== "TOO_MANY_CONNECTIONS") return error.message;
  return `${dependency} has no slot left, so that nobody can end sessions with this role either: grant it pg_use_reserved_connections and set reserved_connections (Postgres 16), or have a superuser, for whom superuser_reserved_connections keeps slots free, run the command of this step`;
}

/** Written by `assess`. @throws {TypeError} for what it cannot have written. */
function sessionsIn(prior: Json): readonly Session[] {
  const { sessions } = (prior ?? {}) as { readonly sessions?: readonly Session[] };
  if (!Array.isArray(sessions))
    throw new TypeError("what was recorded before the change is no list of sessions");
  return sessions;
}
