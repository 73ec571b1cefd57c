import type { Status } from "../services/probe/observation.ts";
import type { Answer, AnswersOptions } from "./health-answer.ts";
import { readyForms } from "./ready-answer.ts";

/**
 * The answers for callers who may know the status and nothing else, made once for each status: no name, no age, no reason,
 * and no time of the next try.
 */
export function createVerdicts({ always, keepAliveMs }: AnswersOptions): Readonly<Record<Status, Answer>> {
  const verdict = (status: Status): Answer => {
    const body = JSON.stringify({ status });
    const etag = `W/"${status}"`;
    const headers = [
      "content-type",
      "application/json; charset=utf-8",
      "cache-control",
      "no-cache",
      "etag",
      etag,
      "vary",
      "Accept, Authorization",
      ...always,
    ];
    const forms = readyForms({ headers, body, retryAfter: "1", keepAliveMs });
    return { status, etag, json: forms, health: forms };
  };
  return { pass: verdict("pass"), warn: verdict("warn"), fail: verdict("fail") };
}
