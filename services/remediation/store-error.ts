import { GreenlightError } from "../errors.ts";

export type StoreErrorCode =
  /** It does not answer, is full, is gone, or was closed. */
  | "STORE_UNAVAILABLE"
  /** What is there is no store of ours, or one of a later version. */
  | "STORE_UNREADABLE"
  /** An event of a run that nobody began, or one that was begun twice. */
  | "STORE_MISUSED";

/** What every method of a journal store rejects with. Whether what was asked took place is unknown. */
export class StoreError extends GreenlightError {
  declare readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "StoreError";
  }
}
