/** What a file calls pytest and `pytest.mark`. */
export interface Aliases {
  readonly pytest: Set<string>;
  readonly mark: Set<string>;
}

const IMPORT =
  /^[ \t]*(?:from[ \t]+(?<from>[.\w]+)[ \t]+import[ \t]*(?<names>\([^)]{0,5000}\)|(?:[^\n\\]|\\\r?\n)*)|import[ \t]+(?<modules>(?:[^\n\\]|\\\r?\n)*))/gm;

/** Modules that hold `mark`, and the name it has there. */
const HOLDERS: Readonly<Record<string, string>> = {
  pytest: "mark",
  "_pytest.mark": "MARK_GEN",
  "_pytest.mark.structures": "MARK_GEN",
};

/** Read from the text: an import in a docstring gives a name that nothing in the code has, which does no harm. */
export function readAliases(text: string): Aliases {
  const aliases: Aliases = { pytest: new Set(["pytest"]), mark: new Set() };
  for (const { groups } of text.matchAll(IMPORT)) {
    const held = HOLDERS[groups?.["from"] ?? ""];
    for (const { name, as } of imported(groups?.["names"] ?? groups?.["modules"] ?? "")) {
      if (groups?.["from"] === undefined && name === "pytest") aliases.pytest.add(as);
      else if (held !== undefined && name === held) aliases.mark.add(as);
      else if (held !== undefined && name === "*") aliases.mark.add(held);
    }
  }
  return aliases;
}

/** Every module a file imports, as it is written. */
export function readImports(text: string): string[] {
  const modules = new Set<string>();
  for (const { groups } of text.matchAll(IMPORT)) {
    const from = groups?.["from"];
    if (from === undefined) {
      for (const { name } of imported(groups?.["modules"] ?? "")) modules.add(name);
      continue;
    }
    modules.add(from);
    // `from . import markers`: the name may be a module itself.
    for (const { name } of imported(groups?.["names"] ?? ""))
      modules.add(from.endsWith(".") ? from + name : `${from}.${name}`);
  }
  return [...modules];
}

function* imported(list: string): Generator<{ readonly name: string; readonly as: string }> {
  const bare = list.replaceAll(/#[^\n]*/g, "").replaceAll(/[()\\]/g, " ");
  for (const part of bare.split(/[,;]/)) {
    const [name, keyword, as] = part.trim().split(/\s+/);
    if (name !== undefined && name !== "")
      yield { name, as: keyword === "as" && as !== undefined ? as : name };
  }
}
