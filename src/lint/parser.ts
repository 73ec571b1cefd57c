/** lint: reads a tree of Python files, has them judged by services/lint, and repairs what can be repaired. */
import { fileURLToPath } from "node:url";
import { Language, Parser, type Tree } from "web-tree-sitter";

export interface PythonParser {
  /** Whoever asks deletes the tree: its memory is outside what the collector sees. */
  readonly parse: (text: string) => Tree;
  readonly delete: () => void;
}

/**
 * Loads the grammar (about 30 ms) and makes a parser. One belongs to one thread.
 * @throws Error naming the file when the grammar cannot be loaded: the installation is damaged.
 */
export async function createPythonParser(): Promise<PythonParser> {
  const grammar = fileURLToPath(import.meta.resolve("tree-sitter-python/tree-sitter-python.wasm"));
  try {
    await Parser.init();
    const language = await Language.load(grammar);
    const parser = new Parser().setLanguage(language);
    return {
      parse: (text) => {
        const tree = parser.parse(text);
        if (tree === null) throw new Error("the parser gave up");
        return tree;
      },
      delete: () => {
        parser.delete();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot load the Python grammar ${grammar}: ${reason}`, { cause: error });
  }
}
