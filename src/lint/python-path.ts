import { parse } from "smol-toml";
import { isRecord } from "../../services/json.ts";
import { folderOf, normalise } from "../../services/lint/markers/folders.ts";
import { parseIni } from "../../services/lint/markers/ini.ts";
import { shellWords } from "../../services/lint/markers/options.ts";
import type { TextFile } from "./texts.ts";

/**
 * The folders of `pythonpath` in the file that pytest reads, relative to the tree, "" for the tree itself. Those outside
 * of the tree are left out; a file that cannot be read has none.
 */
export function pythonPathOf({ path, text }: Pick<TextFile, "path" | "text">): readonly string[] {
  const words = path.endsWith(".toml") ? fromToml(text) : fromIni(text);
  const folder = folderOf(path);
  return words
    .filter((word) => !word.startsWith("/"))
    .map((word) => normalise(folder === "." ? word : `${folder}/${word}`))
    .filter((found) => !found.startsWith(".."))
    .map((found) => (found === "." ? "" : found));
}

function fromIni(text: string): readonly string[] {
  const ini = parseIni(text);
  if (ini.kind === "fault") return [];
  const section = ini.sections.get("pytest") ?? ini.sections.get("tool:pytest");
  const lines = section?.entries.get("pythonpath")?.lines ?? [];
  return shellWords(lines.map((line) => line.text).join("\n")) ?? [];
}

function fromToml(text: string): readonly string[] {
  const document = tryToml(text);
  const pytest = tableIn(tableIn(document, "tool"), "pytest");
  const tables = [tableIn(pytest, "ini_options"), pytest, tableIn(document, "pytest")];
  const value = tables.find((table) => table?.pythonpath !== undefined)?.pythonpath;
  if (typeof value === "string") return shellWords(value) ?? [];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function tryToml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function tableIn(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const inner = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return isRecord(inner) ? inner : undefined;
}
