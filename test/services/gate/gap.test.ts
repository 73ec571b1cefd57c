import { expect, test } from "vitest";
import type { DependencyOptions } from "../../../services/dependencies/options.ts";
import { longestGap } from "../../../services/gate/gap.ts";
import type { SuiteOptions } from "../../../services/gate/suite.ts";

const observed = (name: string, intervalMs: number, totalMs: number) =>
  ({ name, intervalMs, deadlines: { totalMs } }) as DependencyOptions;
const requiring = (...names: string[]) =>
  ({ requirements: names.map((name) => ({ dependency: name, observed: name })) }) as unknown as SuiteOptions;
const all = [observed("fast", 500, 3000), observed("slow", 60_000, 5000), observed("other", 100, 100)];

test("it is that of the requirement which is heard of most often", () => {
  expect(longestGap(requiring("fast", "slow"), all)).toBe(4000);
  expect(longestGap(requiring("slow"), all)).toBe(125_000);
});

test("what is not required is not listened to, and with nothing observed no gap is allowed", () => {
  expect(longestGap(requiring("fast", "absent"), all)).toBe(4000);
  expect(longestGap(requiring("absent"), all)).toBe(0);
});
