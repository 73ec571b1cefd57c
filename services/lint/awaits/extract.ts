import type { PythonFile } from "../python/source-file.ts";
import type { AwaitFacts } from "./facts.ts";

export type { AwaitFacts } from "./facts.ts";

export function extractAwaits(_file: PythonFile): AwaitFacts | undefined {
  return undefined;
}
