import type { Status } from "../services/probe/observation.ts";
import type { Answer, AnswersOptions, Forms } from "./health-answer.ts";
import { readyAnswer } from "./ready-answer.ts";

/**
 * The answers for callers who may know the status and nothing else, made once for each status: no name, no age, no reason,
 * and no time of the next try.
 */
export function createVerdicts({ always, keepAliveMs }: AnswersOptions): Readonly<Record<Status, Answer>> {
  const verdict = (status: Status): Answer => {
    const body = JSON.stringify({ status });
    const etag = `W/"${status}"`;
    const notModified = [
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
    const ok = [...notModified, "content-length", String(body.length)];
    const unavailable = [...ok, "retry-after", "1"];
    const forms: Forms = {
      notModified: readyAnswer({ status: 304, headers: notModified, body: "", keepAliveMs }),
      ok: readyAnswer({ status: 200, headers: ok, body, keepAliveMs }),
      unavailable: readyAnswer({ status: 503, headers: unavailable, body, keepAliveMs }),
    };
    return { status, etag, json: forms, health: forms };
  };
  return { pass: verdict("pass"), warn: verdict("warn"), fail: verdict("fail") };
}
