import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeExposition } from "../../../services/metrics/exposition.ts";
import { collectFamilies } from "../../../services/metrics/families.ts";
import { BUCKETS, createRecorder } from "../../../services/metrics/recorder.ts";
import type { Monitor, StateChange } from "../../../services/health/monitor.ts";
import type { ProbeState } from "../../../services/probe/prober.ts";
import { parseExposition, valueOf } from "./parse-exposition.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\\", "\n", '"', "n", "}", ",", "=", " ") }),
);

describe("writeExposition", () => {
  test("any label value, help and number can be read back as it was, by a strict reader", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.double(), (label, help, value) => {
        const text = writeExposition([
          { name: "a_b", type: "gauge", help, samples: [[{ x: label, y: "1" }, value]] },
        ]);
        const family = parseExposition(text).get("a_b");
        expect(family?.help).toBe(help);
        expect(family?.samples).toEqual([
          { name: "a_b", labels: { x: label, y: "1" }, value: value === 0 ? 0 : value },
        ]);
      }),
    );
  });

  test("a family without samples still has its HELP and TYPE, once", () => {
    expect(writeExposition([{ name: "a", type: "counter", help: "h", samples: [] }])).toBe(
      "# HELP a h\n# TYPE a counter\n",
    );
  });
});

describe("the strict reader of these tests", () => {
  test.each([
    ["no line feed at the end", "# HELP a h\n# TYPE a gauge\na 1"],
    ["HELP twice", "# HELP a h\n# TYPE a gauge\n# HELP a h\n# TYPE a gauge\n"],
    ["TYPE without HELP", "# TYPE a gauge\na 1\n"],
    ["a sample before its family", "a 1\n"],
    ["a sample of another family", "# HELP a h\n# TYPE a gauge\nb 1\n"],
    ["a line feed in a label", '# HELP a h\n# TYPE a gauge\na{x="1\n2"} 1\n'],
    ["a quote that is not escaped", '# HELP a h\n# TYPE a gauge\na{x="1"2"} 1\n'],
    ["an escape that is none", '# HELP a h\n# TYPE a gauge\na{x="\\t"} 1\n'],
    ["a label twice", '# HELP a h\n# TYPE a gauge\na{x="1",x="2"} 1\n'],
    ["a label set twice", '# HELP a h\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ["no value", "# HELP a h\n# TYPE a gauge\na \n"],
    ["undefined as a value", "# HELP a h\n# TYPE a gauge\na undefined\n"],
  ])("refuses %s", (_what, text) => {
    expect(() => parseExposition(text)).toThrow(SyntaxError);
  });
});

const state = (given: Partial<ProbeState>): ProbeState => ({
  status: "pass",
  breaker: { state: "closed" },
  triedAt: 0,
  nextTryAt: 0,
  ...given,
});

function record(changes: readonly Omit<StateChange, "name">[]): string {
  let tell: ((change: StateChange) => void) | undefined;
  const monitor = {
    names: ["redis"],
    subscribe(listener: (change: StateChange) => void) {
      tell = listener;
      return () => undefined;
    },
  } as unknown as Monitor;
  const { counts } = createRecorder(monitor);
  for (const change of changes) tell?.({ name: "redis", ...change });
  return writeExposition(collectFamilies({ checks: [], counts, environment: "t", version: "1" }));
}

describe("the families", () => {
  test("a histogram is cumulative, ends with +Inf equal to the count, and its sum is the sum in seconds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { maxLength: 30 }),
        (durations) => {
          const text = record(
            durations.map((durationMs) => ({
              state: state({ observation: { status: "pass", at: 1000, durationMs } }),
              before: undefined,
            })),
          );
          const samples = parseExposition(text).get("greenlight_observation_duration_seconds")?.samples ?? [];
          const buckets = samples.filter(({ name }) => name.endsWith("_bucket"));
          expect(buckets.map(({ labels }) => labels.le)).toEqual([...BUCKETS.map(String), "+Inf"]);
          expect(buckets.map(({ value }) => value)).toEqual(
            [...BUCKETS, Number.POSITIVE_INFINITY].map(
              (bound) => durations.filter((ms) => ms / 1000 <= bound).length,
            ),
          );
          expect(samples.find(({ name }) => name.endsWith("_count"))?.value).toBe(durations.length);
          expect(samples.find(({ name }) => name.endsWith("_sum"))?.value).toBeCloseTo(
            durations.reduce((sum, ms) => sum + ms / 1000, 0),
          );
        },
      ),
    );
  });

  test("the same observation published again is not counted again; a change of the breaker is", () => {
    const observation = {
      status: "fail",
      at: 1,
      durationMs: 1,
      cause: { code: "CONNECT_REFUSED", rung: "connect", message: "m" },
    } as const;
    const first = state({ status: "fail", observation });
    const second = state({
      status: "fail",
      observation,
      breaker: { state: "open", openedAt: 1, nextTryAt: 2 },
    });
    const text = record([
      { state: first, before: undefined },
      { state: second, before: first },
    ]);
    expect(valueOf(text, "greenlight_observation_failures_total", { cause: "CONNECT_REFUSED" })).toBe(1);
    expect(valueOf(text, "greenlight_circuit_transitions_total", { from: "closed", to: "open" })).toBe(1);
    expect(valueOf(text, "greenlight_dependency_last_success_timestamp_seconds", {})).toBeNaN();
  });
});
