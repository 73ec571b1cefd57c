import type { Status } from "../services/probe/observation.ts";
import { readyHeaders, type ReadyHeaders } from "./ready-headers.ts";
import type { HeaderList } from "./security-headers.ts";

/** The answer for callers who may know the status and nothing else: made once for each status. */
export interface Verdict {
  readonly status: Status;
  readonly etag: string;
  readonly body: string;
  readonly ok: ReadyHeaders;
  readonly unavailable: ReadyHeaders;
  readonly notModified: ReadyHeaders;
}

/** No name, no age, no reason, and no time of the next try. */
export function createVerdicts(always: HeaderList): Readonly<Record<Status, Verdict>> {
  const verdict = (status: Status): Verdict => {
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
    return {
      status,
      etag,
      body,
      notModified: readyHeaders(notModified),
      ok: readyHeaders(ok),
      unavailable: readyHeaders([...ok, "retry-after", "1"]),
    };
  };
  return { pass: verdict("pass"), warn: verdict("warn"), fail: verdict("fail") };
}
