import type { EnvEntry, EnvFile } from "../../env-files/env-file.ts";
import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import type { LintInput } from "../input.ts";

/**
 * Keys that no shell can export (`my-key`, `a.b`; dotenv-linter: LeadingCharacter), two keys of one file that differ in
 * capitals alone, and characters that nobody sees or that only look like quotes. Not reported: small letters by
 * themselves (`http_proxy` is written so), and the order of keys.
 */
export const keys = ({ files }: LintInput): readonly Finding[] =>
  files.flatMap((file) => [...notPortable(file), ...alike(file), ...invisible(file)]);

const at = (file: EnvFile, { line, column }: EnvEntry) =>
  ({ kind: "file", file: file.path, line, column }) as const;

const isPortable = (key: string): boolean => /^[A-Za-z_]\w*$/.test(key);

function notPortable(file: EnvFile): readonly Finding[] {
  const first = new Map(file.entries.toReversed().map((entry) => [entry.key, entry]));
  return [...first.values()].flatMap((entry) => {
    if (isPortable(entry.key) || INVISIBLE.test(entry.key)) return [];
    const message = `A key in ${file.path}:${entry.line} is no name that a shell can export: letters, digits and _, no digit first.`;
    return createFinding({
      code: "ENV_KEY_NOT_PORTABLE",
      subject: `${file.path}:${entry.key}`,
      message,
      place: at(file, entry),
      facts: { key: entry.key },
    });
  });
}

function alike(file: EnvFile): readonly Finding[] {
  const last = new Map(file.entries.map((entry) => [entry.key, entry]));
  return [...Map.groupBy(last.values(), ({ key }) => key.toUpperCase()).values()].flatMap((same) => {
    const [first, second] = same;
    if (first === undefined || second === undefined) return [];
    const message = `${first.key} and ${second.key} in ${file.path} differ in capitals alone; on Windows they are one.`;
    const evidence = same.map(({ key, line }) => `${key}: ${file.path}:${line}`);
    return createFinding({
      code: "ENV_KEY_CASE",
      subject: `${file.path}:${second.key}`,
      message,
      place: at(file, second),
      evidence,
      facts: { key: second.key },
    });
  });
}

/** No-break spaces, zero-width characters, a byte order mark inside, controls and marks of direction. */
const INVISIBLE = /[\u00A0\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/;
const LIKE_QUOTES = /^[\u2018\u2019\u201C\u201D\u00AB\u00BB]/;

function invisible(file: EnvFile): readonly Finding[] {
  return file.entries.flatMap((entry) => {
    const { key, raw } = entry;
    const hidden = INVISIBLE.exec(key) ?? INVISIBLE.exec(raw) ?? LIKE_QUOTES.exec(raw);
    if (hidden === null) return [];
    const name = key.replaceAll(new RegExp(INVISIBLE, "g"), "");
    const code = (hidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const message = `${name} in ${file.path}:${entry.line} holds U+${code}, which nobody sees or which only looks like a quote.`;
    return createFinding({
      code: "ENV_INVISIBLE_CHARACTER",
      subject: `${file.path}:${name}`,
      message,
      place: at(file, entry),
      evidence: [`U+${code}`],
      facts: { key: name },
    });
  });
}
