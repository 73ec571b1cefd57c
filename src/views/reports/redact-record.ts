import { createRedact, type Redact } from "../../../services/redact.ts";
import type { Environment } from "../../config/config.ts";
import type { RunRecord } from "../run-record.ts";

/** Variables with these in their names hold secrets, whatever they look like. */
const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|CREDENTIAL|PRIVATE_KEY)/i;
/** Below this length a value is a word that turns up anywhere. */
const SHORTEST = 8;
/** Passwords of test environments that messages are made of: without these words neither people nor the triage could read them. */
const WORDS = new Set(["postgres", "postgresql", "password", "clickhouse", "development", "localhost"]);

/** Knows the secrets of the variables: the last line of defence, for what a report repeats of a test's own words. */
export function redactVariables(env: Environment): Redact {
  const named = Object.entries(env).flatMap(([name, value = ""]) =>
    SECRET_NAME.test(name) && isTelling(value) ? [value] : [],
  );
  const passwords = Object.values(env).flatMap((value = "") => passwordIn(value));
  return createRedact([...named, ...passwords]);
}

const isTelling = (secret: string): boolean => secret.length >= SHORTEST && !WORDS.has(secret.toLowerCase());

function passwordIn(value: string): string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]*@/i.test(value) || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (!isTelling(password)) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** A copy in which every text is redacted, but the paths of the tests' own reports, which are read again. */
export function redactRecord(record: RunRecord, redact: Redact): RunRecord {
  const copy = mapTexts(record, remembered(redact)) as RunRecord;
  return { ...copy, junit: record.junit };
}

/** Thousands of red tests say the same; longer texts seldom do. */
const LONGEST_REMEMBERED = 300;

function remembered(redact: Redact): Redact {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return redact(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const clean = redact(text);
    known.set(text, clean);
    return clean;
  };
}

function mapTexts(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [redact(key), mapTexts(each, redact)]),
  );
}
