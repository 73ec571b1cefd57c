import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Incident } from "../../../services/history/incident.ts";
import { createBackoff, parseRetryAfter } from "../../../src/gate/backoff.ts";
import { createClockOffset } from "../../../src/gate/clock-offset.ts";
import { parseGateAnswer } from "../../../src/gate/gate-answer.ts";
import { mergeIncidents } from "../../../src/gate/merge-incidents.ts";

test("the backoff doubles from 100 ms to 5 s, spread over all of it, and adds to what was asked for", () => {
  const highest = createBackoff(() => 1);
  expect(Array.from({ length: 8 }, () => highest.next())).toEqual([
    100, 200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
  highest.reset();
  expect(highest.next(2000)).toBe(2100);
  const lowest = createBackoff(() => 0);
  expect([lowest.next(), lowest.next(3000)]).toEqual([0, 3000]);
});

test.each([
  ["3", 3000],
  ["0", 0],
  ["Thu, 01 Jan 1970 00:00:09 GMT", 4000],
  ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
  ["-3", undefined],
  ["soon", undefined],
  [null, undefined],
])("Retry-After %j is %j ms", (text, ms) => {
  expect(parseRetryAfter(text, 5000)).toBe(ms);
});

test("whatever the round trips are, the offset is wrong by at most half of the shortest one", () => {
  const trip = fc.record({ out: fc.nat(3000), back: fc.nat(3000) });
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.array(trip, { minLength: 1 }), (offset, trips) => {
      const clock = createClockOffset();
      let now = 1e6;
      for (const { out, back } of trips) {
        const theirs = now + out + offset;
        clock.learn({ sentAt: now, sentAtMonotonic: now, receivedAtMonotonic: now + out + back, theirs });
        now += 10_000;
      }
      const shortest = Math.min(...trips.map(({ out, back }) => out + back));
      expect(Math.abs(clock.ms() - offset)).toBeLessThanOrEqual(shortest / 2 + 1);
    }),
  );
});

test("a clock that is set is noticed: the old offset is given up for the new one", () => {
  const clock = createClockOffset();
  clock.learn({ sentAt: 0, sentAtMonotonic: 0, receivedAtMonotonic: 2, theirs: 1 });
  clock.learn({ sentAt: 10_000, sentAtMonotonic: 10_000, receivedAtMonotonic: 10_040, theirs: 70_020 });
  expect(clock.ms()).toBe(60_000);
});

const cause = {
  code: "CONNECT_REFUSED",
  title: "t",
  message: "m",
  rung: "connect",
  retryable: true,
  owner: "database",
  remedies: [],
} as const;

function incident(id: string, startedAt: number, more: Partial<Incident> = {}): Incident {
  return {
    id,
    dependency: "postgres",
    required: true,
    status: "fail",
    startedAt,
    cause,
    codes: [cause.code],
    ...more,
  };
}

const keyed = (...incidents: Incident[]) =>
  new Map(incidents.map((each) => [`${each.id} ${each.startedAt}`, each]));
const listed = (known: ReadonlyMap<string, Incident>) => [...known.values()];

test("what a service forgot is kept: an incident that had ended before it was started anew", () => {
  const before = mergeIncidents(new Map(), {
    incidents: keyed(incident("postgres-1", 10, { endedAt: 20 })),
    at: 25,
  });
  const after = mergeIncidents(before, { incidents: keyed(incident("postgres-1", 90)), at: 95 });
  expect(listed(after)).toMatchObject([{ startedAt: 10, endedAt: 20 }, { startedAt: 90 }]);
});

test("one that lasted over the restart is one incident, and stays it with what is told later", () => {
  const before = mergeIncidents(new Map(), {
    incidents: keyed(incident("postgres-7", 10, { lastPassAt: 5, codes: ["TLS_REFUSED"], status: "fail" })),
    at: 20,
  });
  const restarted = incident("postgres-1", 50, { status: "warn" });
  const joined = mergeIncidents(before, { incidents: keyed(restarted), at: 55 });
  const expected = {
    id: "postgres-7",
    startedAt: 10,
    lastPassAt: 5,
    status: "fail",
    codes: ["TLS_REFUSED", "CONNECT_REFUSED"],
  };
  expect(listed(joined)).toMatchObject([expected]);
  const ended = mergeIncidents(joined, { incidents: keyed({ ...restarted, endedAt: 70 }), at: 75 });
  expect(listed(ended)).toMatchObject([{ ...expected, endedAt: 70 }]);
});

test("one that lasted and that the new life knows nothing of has ended by then", () => {
  const before = mergeIncidents(new Map(), { incidents: keyed(incident("postgres-7", 10)), at: 20 });
  const after = mergeIncidents(before, { incidents: new Map(), at: 55 });
  expect(listed(after)).toMatchObject([{ startedAt: 10, endedAt: 55 }]);
  const seenToPass = keyed(incident("postgres-1", 80, { lastPassAt: 60 }));
  expect(listed(mergeIncidents(before, { incidents: seenToPass, at: 90 }))).toMatchObject([
    { startedAt: 10, endedAt: 90 },
    { startedAt: 80 },
  ]);
});

test("whatever is told, no dependency's incident is ever lost, and no time of one runs backwards", () => {
  const one = fc
    .record({
      id: fc.constantFrom("a-1", "a-2", "b-1"),
      startedAt: fc.nat(100),
      lasts: fc.option(fc.nat(50)),
      passed: fc.boolean(),
    })
    .map(({ id, startedAt, lasts, passed }) =>
      incident(id, startedAt, {
        dependency: id.replace(/-\d$/, ""),
        ...(passed ? { lastPassAt: startedAt - 1 } : {}),
        ...(lasts === null ? {} : { endedAt: startedAt + lasts }),
      }),
    );
  // Of one observer no two incidents have the same id.
  const telling = fc.uniqueArray(one, { selector: ({ id }) => id, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(telling, { maxLength: 6 }), (tellings) => {
      let known: ReadonlyMap<string, Incident> = new Map();
      for (const [index, told] of tellings.entries()) {
        known = mergeIncidents(known, { incidents: keyed(...told), at: 200 + index });
        for (const { dependency, startedAt } of told) {
          const covered = listed(known).some(
            (each) => each.dependency === dependency && each.startedAt <= startedAt,
          );
          expect(covered).toBe(true);
        }
        for (const { startedAt, endedAt = Infinity } of known.values())
          expect(endedAt).toBeGreaterThanOrEqual(startedAt);
      }
    }),
  );
});

const body = {
  suite: "all",
  verdict: "go",
  fit: true,
  stableForMs: 1,
  stableMs: 1,
  reasons: [],
  checks: [],
  environment: "e",
  version: "v",
};
const blocking = { code: "NEW_CODE", level: "required", effect: "blocks", curable: true, message: "m" };

test("an answer of a gate is read whole, codes of a newer service included", () => {
  expect(parseGateAnswer(body, "all")?.evaluation).toMatchObject({ verdict: "go" });
  const waiting = { ...body, verdict: "wait", fit: false, reasons: [blocking] };
  expect(parseGateAnswer(waiting, "all")?.evaluation.reasons).toMatchObject([{ code: "NEW_CODE" }]);
});

test.each([
  ["of another suite", { ...body, suite: "x" }],
  ["go and not fit", { ...body, fit: false }],
  ["go with a reason that blocks", { ...body, reasons: [blocking] }],
  ["an unknown verdict", { ...body, verdict: "yes" }],
  ["without its checks", { ...body, checks: undefined }],
  ["nothing", undefined],
])("an answer that is %s is none", (_, answer) => {
  expect(parseGateAnswer(answer, "all")).toBeUndefined();
});
