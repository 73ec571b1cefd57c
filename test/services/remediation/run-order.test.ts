import { assert, array, integer, property, shuffledSubarray, uniqueArray, string } from "fast-check";
import { expect, it } from "vitest";
import { orderSteps, predecessorsOf } from "../../../services/remediation/run-order.ts";
import { plan, step } from "../../support/remediation/plan.ts";

const SET = { kind: "set", params: {} };

/** Steps that need some of those before them, in phases that do not fall, and then mixed up. */
const plans = uniqueArray(string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 9 }).chain(
  (ids) =>
    array(integer({ min: 0, max: 255 }), { minLength: ids.length, maxLength: ids.length }).chain((bits) => {
      const steps = ids.map((id, index) =>
        step(id, SET, {
          phase: 1 + Math.floor((index * 3) / ids.length),
          needs: ids.slice(0, index).filter((_, other) => ((bits[index] as number) >> (other % 8)) & 1),
        }),
      );
      return shuffledSubarray(steps, { minLength: steps.length });
    }),
);

it("orders any plan so that each step comes after its needs and after earlier phases", () => {
  assert(
    property(plans, (steps) => {
      const order = orderSteps(plan(steps));
      expect(order?.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        steps.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      for (const [index, { id }] of (order ?? []).entries()) {
        const later = order?.slice(index + 1) ?? [];
        const before = predecessorsOf(steps.find((each) => each.id === id) as never, steps);
        expect(later.some((other) => before.has(other.id))).toBe(false);
      }
    }),
  );
});

it("keeps the order of a plan where nothing speaks against it", () => {
  const steps = [step("c", SET), step("a", SET), step("b", SET, { needs: ["c"] })];
  expect(orderSteps(plan(steps))?.map(({ id }) => id)).toEqual(["c", "a", "b"]);
});

const two = (first: object, second: object) =>
  orderSteps(plan([step("a", SET, first), step("b", SET, second)]));

it("has no order for cycles, for needs of a later phase, and of steps that are not there", () => {
  expect(two({ needs: ["b"] }, { needs: ["a"] })).toBeUndefined();
  expect(two({ needs: ["a"] }, {})).toBeUndefined();
  expect(two({ needs: ["b"] }, { phase: 2 })).toBeUndefined();
  expect(two({ needs: ["x"] }, {})).toBeUndefined();
});

it("counts what is needed by what is needed, and earlier phases, as coming before", () => {
  const steps = [
    step("a", SET),
    step("b", SET, { needs: ["a"] }),
    step("c", SET, { needs: ["b"] }),
    step("d", SET),
    step("e", SET, { phase: 2 }),
  ];
  expect([...predecessorsOf(steps[2] as never, steps)].sort()).toEqual(["a", "b"]);
  expect([...predecessorsOf(steps[4] as never, steps)].sort()).toEqual(["a", "b", "c", "d"]);
});
