/** YAML text → a tree of nodes with positions. The only import of `yaml`, and a lazy one. */
import type { Node } from "yaml";
import type { ConfigFault, ConfigFile } from "./config.ts";

const EXPECTED: Readonly<Record<string, string>> = {
  BAD_ALIAS: "an alias whose anchor comes before it",
  BAD_DQ_ESCAPE: "a known escape in a double-quoted text",
  BAD_INDENT: "keys of one mapping at one indentation",
  BAD_SCALAR_START: "text in quotes, since it starts with a reserved character",
  BLOCK_AS_IMPLICIT_KEY: "one key on a line",
  BLOCK_IN_FLOW: "no block inside `{}` or `[]`",
  MISSING_CHAR: "a closing quote or bracket, or a `,` or `:` between parts",
  MULTILINE_IMPLICIT_KEY: "a key on one line followed by `:`",
  MULTIPLE_DOCS: "one document in the file",
  TAB_AS_INDENT: "spaces for indentation",
};

export type YamlSource =
  | {
      readonly ok: true;
      readonly root: Node | null;
      readonly where: (offset: number) => string;
      readonly resolve: (node: Node) => Node | undefined;
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Parses the file; every syntax error is a fault. The library's messages quote the file, so they are not used. */
export async function parseYaml(file: ConfigFile): Promise<YamlSource> {
  const { LineCounter, isAlias, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const where = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file.path}:${line}:${col}`;
  };
  try {
    const document = parseDocument(file.text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
    if (document.errors.length > 0) {
      const lines = file.text.split("\n");
      const faults = new Map<number, ConfigFault>();
      for (const { code, pos } of document.errors) {
        const { line } = lineCounter.linePos(pos[0]);
        // One mistake makes the parser stumble on over the rest of its line.
        if (faults.has(line)) continue;
        const suggestion = unquoted(lines[line - 1] ?? "") ? QUOTE : undefined;
        faults.set(line, { ...syntaxFault(where(pos[0]), code), ...(suggestion && { suggestion }) });
      }
      return { ok: false, faults: [...faults.values()] };
    }
    const resolve = (node: Node) => (isAlias(node) ? node.resolve(document) : node);
    return { ok: true, root: document.contents, where, resolve };
  } catch (error) {
    const reason = error instanceof RangeError ? "nesting too deep to read" : "text the parser failed on";
    return { ok: false, faults: [syntaxFault(where(0), "", reason)] };
  }
}

const QUOTE = "between `{}` or `[]`, put text with `${…}` in quotes";

function unquoted(line: string): boolean {
  return /[{[,:]\s*\$\{/.test(line) && /[{[].*\$\{/.test(line);
}

function syntaxFault(where: string, code: string, found = `a YAML syntax error (${code})`): ConfigFault {
  return { code: "CONFIG_SYNTAX", where, expected: EXPECTED[code] ?? "YAML 1.2 that parses", found };
}
