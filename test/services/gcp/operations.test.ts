import { expect, test } from "vitest";
import {
  type Operation,
  type Waiting,
  awaitOperation,
  parseOperation,
  parseSqlOperation,
} from "../../../services/gcp/operations.ts";
import type { GcpError, Known } from "../../../services/gcp/transport.ts";

const { signal } = new AbortController();
const running: Operation = { kind: "running", name: "operations/o" };
const known = (value: Operation): Known<Operation> => ({ kind: "known", value });
const unknown = (code: GcpError["code"]): Known<Operation> => ({
  kind: "unknown",
  because: { code, status: 0, message: "m" },
});

/** Time passes only in pauses. */
function waiting(deadlineMs = 60_000): Waiting & { readonly pauses: number[] } {
  let at = 0;
  const pauses: number[] = [];
  return {
    pauses,
    clock: { now: () => at, monotonic: () => at },
    deadlineMs,
    signal,
    sleep: (ms) => {
      pauses.push(ms);
      at += ms;
      return Promise.resolve();
    },
  };
}

const neverAsked = (): never => {
  throw new Error("asked");
};

const answering = (...answers: Known<Operation>[]) => {
  const left = [...answers];
  return () =>
    Promise.resolve(left.length > 1 ? (left.shift() ?? answers[0]) : left[0]) as Promise<Known<Operation>>;
};

test("reads the shape that all but Cloud SQL have", () => {
  expect(parseOperation({ name: "o" })).toEqual({ kind: "running", name: "o" });
  expect(parseOperation({ name: "o", done: true, response: { a: 1 } })).toEqual({
    kind: "done",
    name: "o",
    response: { a: 1 },
  });
  expect(
    parseOperation({ name: "o", done: true, error: { code: 13, message: "failed to get healthy" } }),
  ).toEqual({ kind: "failed", name: "o", code: "13", message: "failed to get healthy" });
  expect(parseOperation({ done: true })).toBeUndefined();
});

test("reads Cloud SQL's own", () => {
  expect(parseSqlOperation({ name: "o", status: "RUNNING" })).toEqual({ kind: "running", name: "o" });
  expect(parseSqlOperation({ name: "o", status: "DONE" })).toMatchObject({ kind: "done" });
  expect(
    parseSqlOperation({ name: "o", status: "DONE", error: { errors: [{ code: "INTERNAL", message: "m" }] } }),
  ).toEqual({ kind: "failed", name: "o", code: "INTERNAL", message: "m" });
  expect(parseSqlOperation({ name: "o", done: true })).toBeUndefined();
});

test("polls until it has ended, more and more rarely", async () => {
  const wait = waiting(600_000);
  const done: Operation = { kind: "done", name: "o", response: {} };
  const answers = Array.from({ length: 6 }, () => known(running));
  await expect(awaitOperation(running, answering(...answers, known(done)), wait)).resolves.toEqual(done);
  expect(wait.pauses).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

test("what has ended is not asked for", async () => {
  const failed: Operation = { kind: "failed", name: "o", code: "3", message: "m" };
  await expect(awaitOperation(failed, neverAsked, waiting())).resolves.toEqual(failed);
});

test("one that never ends is given up when its time is up, and no later", async () => {
  const wait = waiting(5000);
  await expect(awaitOperation(running, answering(known(running)), wait)).resolves.toEqual({
    kind: "endless",
    name: "operations/o",
    waitedMs: 5000,
  });
  expect(wait.pauses).toEqual([1000, 2000, 2000]);
});

test("one that the API does not know is lost", async () => {
  await expect(awaitOperation(running, answering({ kind: "absent" }), waiting())).resolves.toEqual({
    kind: "lost",
    name: "operations/o",
  });
});

test("what cannot be asked for a moment is asked again, and what is denied is not", async () => {
  const done: Operation = { kind: "done", name: "o", response: {} };
  await expect(
    awaitOperation(running, answering(unknown("GCP_UNAVAILABLE"), known(done)), waiting()),
  ).resolves.toEqual(done);
  await expect(awaitOperation(running, answering(unknown("GCP_DENIED")), waiting())).resolves.toMatchObject({
    kind: "unknown",
    because: { code: "GCP_DENIED" },
  });
  await expect(
    awaitOperation(running, answering(unknown("GCP_TIMEOUT")), waiting(3000)),
  ).resolves.toMatchObject({ kind: "unknown", because: { code: "GCP_TIMEOUT" } });
});

test("a real pause ends with the signal, and with its reason", async () => {
  const stop = new AbortController();
  const { sleep: _unused, ...real } = waiting();
  const waited = awaitOperation(running, answering(known(running)), { ...real, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(waited).rejects.toThrow("enough");
});
