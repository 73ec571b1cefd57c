import { PLUGIN_MARKERS } from "./known.ts";

/** A file that may name what is installed: requirements, `pyproject.toml`, a lock file, `tox.ini`. */
export interface RequirementText {
  readonly path: string;
  readonly text: string;
}

/** Which of the plugins that are known here are named in one of the files. */
export function listedPlugins(texts: readonly RequirementText[]): string[] {
  const bare = texts.map(({ text }) => text.replaceAll(/^[ \t]*[#;].*$/gm, ""));
  return Object.keys(PLUGIN_MARKERS).filter((name) => {
    const pattern = mention(name);
    return bare.some((text) => pattern.test(text));
  });
}

/**
 * Names are compared as PEP 503 has them. One without `pytest` in it is a word like others, so that it counts only where
 * a requirement begins: at the start of a line or a string, followed by a version or nothing.
 */
function mention(name: string): RegExp {
  const spelt = name.replaceAll("-", "[-_.]+");
  if (name.includes("pytest")) return new RegExp(`(?<![\\w.-])${spelt}(?![\\w-])`, "i");
  return new RegExp(`(?:^|["'])[ \\t]*(?:-[ \\t]+)?${spelt}[ \\t]*(?:\\[|[<>=!~;@"']|$)`, "im");
}

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
