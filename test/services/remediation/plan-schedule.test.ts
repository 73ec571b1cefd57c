import { array, assert, constant, integer, property, record, subarray, type Arbitrary } from "fast-check";
import { expect, test } from "vitest";
import { findCycles } from "../../../services/remediation/plan-graph.ts";
import { scheduleOf, type Timed } from "../../../services/remediation/plan-schedule.ts";

/** Steps that need only earlier ones, of their own phase or earlier: there is always an order. */
const plans: Arbitrary<Timed[]> = array(
  record({ estimateMs: integer({ min: 1, max: 100_000 }), phase: integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 12 },
).chain((steps) => {
  const named = steps
    .toSorted((a, b) => a.phase - b.phase)
    .map(({ phase, estimateMs }, index): Timed => ({ id: `s${index}`, phase, estimateMs, needs: [] }));
  return named.reduce<Arbitrary<Timed[]>>(
    (before, step) =>
      before.chain((done) =>
        subarray(done.map(({ id }) => id)).map((needs) => done.concat({ ...step, needs })),
      ),
    constant([]),
  );
});

test("no step begins before what it needs has ended, or before earlier phases have", () => {
  assert(
    property(plans, (steps) => {
      const { steps: scheduled = [] } = scheduleOf(steps) ?? {};
      const of = new Map(scheduled.map((step) => [step.id, step]));
      for (const { id, needs, phase, estimateMs } of steps) {
        const own = of.get(id);
        expect((own?.earliestEndMs ?? 0) - (own?.earliestStartMs ?? 0)).toBe(estimateMs);
        for (const other of steps)
          if (needs.includes(other.id) || other.phase < phase)
            expect(own?.earliestStartMs).toBeGreaterThanOrEqual(of.get(other.id)?.earliestEndMs ?? Infinity);
      }
    }),
  );
});

test("the critical path is a chain without slack that fills the whole time", () => {
  assert(
    property(plans, (steps) => {
      const schedule = scheduleOf(steps);
      const path = schedule?.criticalPath ?? [];
      const estimates = new Map(steps.map(({ id, estimateMs }) => [id, estimateMs]));
      expect(path.reduce((sum, id) => sum + (estimates.get(id) ?? 0), 0)).toBe(schedule?.criticalMs);
      for (const { id, slackMs } of schedule?.steps ?? []) {
        expect(slackMs).toBeGreaterThanOrEqual(0);
        if (path.includes(id)) expect(slackMs).toBe(0);
      }
      expect(schedule?.totalMs).toBeGreaterThanOrEqual(schedule?.criticalMs ?? Infinity);
    }),
  );
});

test("a step may begin as late as its slack says without making the whole later, and not later", () => {
  assert(
    property(plans, integer({ min: 0, max: 11 }), (steps, pick) => {
      const before = scheduleOf(steps);
      const index = pick % steps.length;
      const slackMs = before?.steps.find(({ id }) => id === steps[index]?.id)?.slackMs ?? 0;
      const longer = (by: number) =>
        scheduleOf(
          steps.map((step, at) => (at === index ? { ...step, estimateMs: step.estimateMs + by } : step)),
        )?.criticalMs;
      expect(longer(slackMs)).toBe(before?.criticalMs);
      expect(longer(slackMs + 1)).toBe((before?.criticalMs ?? 0) + 1);
    }),
  );
});

test("there is a schedule exactly when nothing goes round in a circle", () => {
  const anything = array(record({ needs: array(integer({ min: 0, max: 7 }), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 8,
  }).map((steps) =>
    steps.map(({ needs }, index) => ({
      id: `s${index}`,
      phase: 1,
      estimateMs: 1000,
      needs: needs.filter((need) => need < steps.length).map((need) => `s${need}`),
    })),
  );
  assert(
    property(anything, (steps) => {
      const cycles = findCycles(steps);
      expect(scheduleOf(steps) === undefined).toBe(cycles.length > 0);
      for (const cycle of cycles) {
        expect(cycle.at(0)).toBe(cycle.at(-1));
        for (const [index, id] of cycle.slice(0, -1).entries())
          expect(steps.find((step) => step.id === id)?.needs).toContain(cycle[index + 1]);
      }
    }),
  );
});

test("a need of a later phase leaves no order", () => {
  const step = { estimateMs: 1, needs: [] };
  expect(
    scheduleOf([
      { ...step, id: "a", phase: 1, needs: ["b"] },
      { ...step, id: "b", phase: 2 },
    ]),
  ).toBeUndefined();
});
