import type { PythonFile } from "../../services/lint/python/source-file.ts";
import { createPythonParser, type PythonParser } from "../../src/lint/parser.ts";

let shared: Promise<PythonParser> | undefined;

/** A file as the workers hand it to what takes facts. The tree lives as long as the test file's process. */
export async function parsePython(text: string, path = "tests/test_sample.py"): Promise<PythonFile> {
  shared ??= createPythonParser();
  const parser = await shared;
  return { path, text, tree: parser.parse(text) };
}
