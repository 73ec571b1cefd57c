import { readFileSync } from "node:fs";
import type { Dialect } from "../../../services/env-files/dialect.ts";
import { readAs } from "../../../services/env-files/readings.ts";

/** What a program makes of an env file: variables, sorted by name, or the reason why it takes none. */
export type Outcome =
  | { readonly values: readonly (readonly [string, string])[] }
  | { readonly refused: string };

/** Of the process that reads. */
export const VARIABLES: Readonly<Record<string, string>> = { OUTSIDE: "of the process" };

const variable = (name: string) => VARIABLES[name];

/** What our reading of a text comes to. */
export function outcomeOf(dialect: Dialect, text: string): Outcome {
  const { refused, keys } = readAs(dialect, { text, variable });
  if (refused) return { refused: refused.code };
  const values: [string, string][] = [];
  for (const [key, reading] of keys) {
    const value = reading.kind === "value" ? reading.value : variable(key);
    if (value !== undefined) values.push([key, value]);
  }
  return { values: values.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Reasons are put in other words everywhere; that there is one has to agree. */
export const comparable = (outcome: Outcome): Outcome =>
  "refused" in outcome ? { refused: "for some reason" } : outcome;

export interface Recording {
  /** `docker 28.2.2`. */
  readonly program: string;
  readonly rows: readonly { readonly text: string; readonly outcome: Outcome }[];
}

/** A table of `recorded/`: the program and its version in the first line, then a text and what came of it in each. */
export function readRecording(name: string): Recording {
  const lines = readFileSync(new URL(`recorded/${name}.ndjson`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  const [first = "{}", ...rest] = lines;
  const { program } = JSON.parse(first) as { program: string };
  const rows = rest.map((line) => {
    const { text, ...outcome } = JSON.parse(line) as { text: string } & Outcome;
    return { text, outcome };
  });
  return { program, rows };
}
