import type { FindingCode } from "../../findings/table.ts";
import type { Edit } from "../python/source-file.ts";
import type { UseFacts } from "./facts.ts";
import type { Given } from "./judge.ts";

/**
 * Takes `await ` away, or puts it in; undefined where that would not be right by itself. A call binds as tightly as
 * anything that may follow it, so that taking `await ` away never needs parentheses.
 */
export function editsOf(
  code: FindingCode,
  kind: Given,
  file: string,
  use: UseFacts,
): readonly Edit[] | undefined {
  const { start, operand, wrapped } = use;
  if (code === "COROUTINE_NOT_AWAITED")
    return use.inAsync === true ? [{ file, start, end: start, text: "await " }] : undefined;
  if (code !== "AWAIT_NOT_ASYNC" || kind !== "plain" || operand === undefined) return undefined;
  const removed = { file, start, end: operand, text: "" };
  if (wrapped === undefined) return [removed];
  return [
    { file, start: wrapped[0], end: operand, text: "" },
    { file, start: wrapped[1] - 1, end: wrapped[1], text: "" },
  ];
}
