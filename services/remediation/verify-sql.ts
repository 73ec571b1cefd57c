import { causeOf } from "../causes.ts";
import type { Redact } from "../redact.ts";
import type { Json } from "./action.ts";
import { canonicalJson } from "./canonical.ts";
import { type SqlCapability, SqlError } from "./capability.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { contrary, held, pending, shown, unknown } from "./verify-words.ts";

type SqlCall = Extract<VerifierCall, { kind: "sql" }>;

/** The first column of the first row, read in a transaction that cannot write. */
export async function verifySql(
  { dependency, query, params = [], equals }: SqlCall,
  sql: SqlCapability,
  redact: Redact,
  signal: AbortSignal,
): Promise<Verified> {
  try {
    const [row] = await sql.query(dependency, query, params, signal);
    const [found] = row === undefined ? [undefined] : Object.values(row);
    const place = `the statement on ${dependency}`;
    if (found !== undefined && asText(found) === asText(equals))
      return held(`${place} answers ${shown(equals, redact)}`);
    const seen = row === undefined ? "no row" : shown(found, redact);
    return pending(`${place}: expected ${shown(equals, redact)}, found ${seen}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SqlError)) throw error;
    const { fault } = error;
    // Nobody could ask, or the question is wrong: neither says anything about the server.
    if (fault === undefined || fault.code === "ASSERTION_INVALID" || fault.code === "CHECK_ERROR")
      return unknown(error.message);
    return contrary(error.message, causeOf(fault.code).retryable);
  }
}

/** Drivers give big integers as text, and plans give numbers. */
const asText = (value: Json): string => (typeof value === "string" ? value : canonicalJson(value));
