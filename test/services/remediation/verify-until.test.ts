import { array, assert, asyncProperty, constantFrom, integer, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verified, VerifierCall } from "../../../services/remediation/verifier.ts";
import { verifyUntil } from "../../../services/remediation/verify-until.ts";

const probe = (times: number): VerifierCall => ({ kind: "probe", dependency: "postgres", times });
const held: Verified = { kind: "held", evidence: "yes" };
const others: readonly Verified[] = [
  { kind: "broken", evidence: "no" },
  { kind: "pending", because: "not yet" },
  { kind: "unknown", because: "who knows" },
];

/** Answers in order, the last for ever, on a clock that only waiting moves. */
async function ask(
  answers: readonly Verified[],
  { times = 1, withinMs = 10_000 }: { times?: number; withinMs?: number } = {},
) {
  let at = 0;
  let asked = 0;
  const found = await verifyUntil(probe(times), {
    verify: () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] as Verified),
    clock: { now: () => at, monotonic: () => at },
    withinMs,
    everyMs: 1000,
    signal: new AbortController().signal,
    sleep: async (ms) => void (at += ms),
  });
  return { found, asked, at };
}

describe("a call that is asked again", () => {
  test.each(others)("$kind is asked again until it holds", async (first) => {
    expect(await ask([first, first, held])).toEqual({ found: held, asked: 3, at: 2000 });
  });

  test.each(others)("$kind is the last word when the time is up", async (other) => {
    expect(await ask([other], { withinMs: 3000 })).toEqual({ found: other, asked: 3, at: 2000 });
  });

  test("what holds and breaks in turns never counts as held so often in a row", async () => {
    const flapping = Array.from({ length: 40 }, (_, index) =>
      index % 3 === 2 ? (others[0] as Verified) : held,
    );
    const { found } = await ask(flapping, { times: 3, withinMs: 30_000 });
    expect(found.kind).toBe("broken");
  });

  test("holding once less than wanted when the time is up is broken, with the count", async () => {
    expect((await ask([held], { times: 4, withinMs: 3000 })).found).toEqual({
      kind: "broken",
      evidence: "it held 3 of 4 times in a row: yes",
    });
  });

  test("it holds exactly when so many in a row did in time, whatever comes", async () => {
    const answer = constantFrom(held, ...others);
    const run = tuple(array(answer, { minLength: 1, maxLength: 20 }), integer({ min: 1, max: 4 }));
    await assert(
      asyncProperty(run, async ([answers, times]) => {
        const { found } = await ask(answers, { times, withinMs: answers.length * 1000 });
        const inTime = answers.map(({ kind }) => kind).join(" ");
        expect(found.kind === "held").toBe(
          inTime.includes(Array.from({ length: times }, () => "held").join(" ")),
        );
      }),
    );
  });

  test("one that never answers is unknown when the time is up, and its signal is aborted", async () => {
    let inner: AbortSignal | undefined;
    const found = await verifyUntil(probe(1), {
      verify: (_call, signal) => new Promise(() => (inner = signal)),
      clock: { now: () => 0, monotonic: () => performance.now() },
      withinMs: 50,
      signal: new AbortController().signal,
    });
    expect(found).toEqual({ kind: "unknown", because: "no answer to the verification (probe) within 50 ms" });
    expect(inner?.aborted).toBe(true);
  });

  test("the signal ends it, while it asks and while it waits", async () => {
    for (const verify of [() => new Promise<Verified>(() => undefined), async () => others[0] as Verified]) {
      const aborter = new AbortController();
      const running = verifyUntil(probe(1), {
        verify,
        clock: { now: () => 0, monotonic: () => performance.now() },
        withinMs: 60_000,
        everyMs: 30_000,
        signal: aborter.signal,
      });
      setImmediate(() => aborter.abort(new Error("enough")));
      await expect(running).rejects.toThrow("enough");
    }
  });
});
