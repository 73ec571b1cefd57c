import { createRedact, type Redact } from "../../services/redact.ts";
import type { Environment } from "../config/config.ts";

const NAMES = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** Passwords of test environments that are words of every other message; hidden, they would make a report unreadable. */
const WORDS = new Set(
  "postgres postgresql clickhouse redis default password secret admin root test app true false".split(" "),
);
const SHORTEST = 4;

/** For what tests wrote: it may hold any secret that the tests were handed, which is any of the environment's. */
export function createRunRedact(env: Environment): Redact {
  const values = Object.entries(env).flatMap(([name, value]) => [
    ...(NAMES.test(name) ? [value ?? ""] : []),
    ...passwordsIn(value ?? ""),
  ]);
  return createRedact(values.filter((value) => value.length >= SHORTEST && !WORDS.has(value.toLowerCase())));
}

function passwordsIn(value: string): string[] {
  const password = /^[a-z][a-z\d+.-]*:\/\/[^\s/@]*:([^\s/]+)@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
