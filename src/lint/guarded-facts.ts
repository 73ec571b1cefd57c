import { type FileFacts, takeFacts, type TakeFactsOptions } from "./take-facts.ts";

export interface GuardedFacts {
  readonly facts: FileFacts;
  /** The parser's memory is not to be trusted any more: whoever has it makes a new thread. */
  readonly broken: boolean;
}

/** A fault of ours in one file is told of that file, and the rest is linted. */
export function guardedFacts(path: string, options: TakeFactsOptions): GuardedFacts {
  try {
    return { facts: takeFacts(path, options), broken: false };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const fault = { code: "LINT_FAILED", reason } as const;
    return { facts: { path, lines: 0, fault }, broken: isWasmFault(error) };
  }
}

/** Out of memory, or an abort, after which the module does nothing right. */
const isWasmFault = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError;
