import { PLUGIN_MARKERS } from "./known.ts";

/** A file that may name what is installed: requirements, `pyproject.toml`, a lock file, `tox.ini`. */
export interface RequirementText {
  readonly path: string;
  readonly text: string;
}

/**
 * Which of the plugins that are known here are named in one of the files. Names are compared as PEP 503 has them. One
 * without `pytest` in it is a word like others, so that it counts only where a requirement begins.
 */
export function listedPlugins(texts: readonly RequirementText[]): string[] {
  const bare = texts.map(({ text }) => text.replaceAll(/^[ \t]*[#;].*$/gm, ""));
  // Lock files are long: one pass for all names.
  const words = new Set<string>();
  for (const text of bare) {
    for (const [word] of text.matchAll(/[\w.-]{0,80}pytest[\w.-]{0,80}/gi))
      words.add(word.toLowerCase().replaceAll(/[-_.]+/g, "-"));
  }
  return Object.keys(PLUGIN_MARKERS).filter((name) => {
    if (name.includes("pytest")) return words.has(name);
    const pattern = requirement(name);
    return bare.some((text) => pattern.test(text));
  });
}

/** At the start of a line or a string, followed by a version or nothing. */
const requirement = (name: string): RegExp =>
  new RegExp(`(?:^|["'])[ \\t]*(?:-[ \\t]+)?${name}[ \\t]*(?:\\[|[<>=!~;@"']|$)`, "im");

/** The version of pytest, where one file pins it: `pytest==8.4.2`, or the entry of a lock file. */
export function listedPytest(texts: readonly RequirementText[]): string | undefined {
  for (const { text } of texts) {
    const pinned =
      /^[ \t]*["']?pytest[ \t]*===?[ \t]*["']?(\d+(?:\.\d+)+)/m.exec(text) ??
      /^name = "pytest"\r?\nversion = "(\d+(?:\.\d+)+)"/m.exec(text);
    if (pinned?.[1] !== undefined) return pinned[1];
  }
  return undefined;
}
