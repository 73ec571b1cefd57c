import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyseMarkers, type MarkersInput } from "../../../../services/lint/markers/analyse.ts";
import { extractMarkers, type MarkerFacts } from "../../../../services/lint/markers/extract.ts";
import { parsePython } from "../../../support/python.ts";

export type Suite = Readonly<Record<string, string>>;

const isCandidate = ({ path }: { path: string }) => /(?:\.ini|\.cfg|\.toml)$/.test(path);

/** Judges a suite that is given as text; a file that is no Python may configure pytest. */
export async function judge(suite: Suite, options: Partial<MarkersInput> = {}) {
  const files = new Map<string, MarkerFacts>();
  const texts = Object.entries(suite).map(([path, text]) => ({ path, text }));
  for (const { path, text } of texts) {
    const facts = path.endsWith(".py") ? extractMarkers(await parsePython(text, path)) : undefined;
    if (facts) files.set(path, facts);
  }
  const others = texts.filter(({ path }) => !path.endsWith(".py"));
  return analyseMarkers({
    files,
    candidates: others.filter(isCandidate),
    ci: others.filter((one) => !isCandidate(one)),
    installed: [],
    ...options,
  });
}

/** `CODE subject` of each finding, in order. */
export async function told(suite: Suite, options: Partial<MarkersInput> = {}): Promise<string[]> {
  const { findings } = await judge(suite, options);
  return findings.map(({ finding }) => `${finding.code} ${finding.id.slice(finding.code.length + 1)}`).sort();
}

/** The suite after all that `--fix` would do. */
export async function fixed(
  suite: Suite,
  options: Partial<MarkersInput> = {},
): Promise<Record<string, string>> {
  const { findings } = await judge(suite, options);
  const result: Record<string, string> = { ...suite };
  const edits = new Map(
    findings.flatMap(({ edits = [] }) => edits).map((edit) => [JSON.stringify(edit), edit]),
  );
  const backwards = [...edits.values()].sort((a, b) => b.start - a.start || b.end - a.end);
  let before = new Map<string, number>();
  for (const { file, start, end, text } of backwards) {
    if (end > (before.get(file) ?? Infinity)) throw new Error(`edits of ${file} meet at ${start}`);
    before = new Map([...before, [file, start]]);
    const old = result[file] ?? "";
    result[file] = old.slice(0, start) + text + old.slice(end);
  }
  return result;
}

export function readSuite(folder: string): Suite {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
