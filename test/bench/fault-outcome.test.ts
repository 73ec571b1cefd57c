import { describe, expect, it } from "vitest";
import { judgeFault, type OutcomeOptions } from "../../bench/fault-outcome.ts";

const window = { begin: 1000, endBegan: 2000, ended: 2100, until: 3000 };
type Answer = readonly [at: number, status: number, tookMs?: number];

function judge(answers: readonly Answer[], more: Partial<OutcomeOptions> = {}) {
  return judgeFault({
    window,
    truth: "503",
    shownWithinMs: 100,
    beforeStart: false,
    exited: false,
    ...more,
    samples: answers.map(([at, status, tookMs = 5]) => ({ name: "any", at, status, tookMs })),
  });
}

describe("a fault that is shown and goes away", () => {
  const outcome = judge([
    [900, 200],
    [1010, 200],
    [1060, 503],
    [1500, 503, 12],
    [2050, 503],
    [2200, 200],
    [2500, 200],
  ]);

  it("is timed from its beginning, and its recovery from its end", () => {
    expect(outcome).toMatchObject({ shownMs: 65, recoveryMs: 105, slowestMs: 12 });
  });

  it("has no false answers before it has to be shown", () => {
    expect(outcome).toMatchObject({ falseOk: 0, unanswered: 0, falseAlarms: 0 });
  });
});

describe("what is wrong", () => {
  it("counts a 200 after the fault had to be shown", () => {
    expect(
      judge([
        [1050, 503],
        [1400, 200],
        [1500, 503],
        [2200, 200],
      ]),
    ).toMatchObject({ falseOk: 1 });
  });

  it("does not call a 200 false that comes once the end has begun", () => {
    expect(
      judge([
        [1050, 503],
        [1990, 200, 50],
        [2200, 200],
      ]),
    ).toMatchObject({ falseOk: 0 });
  });

  it("tells silence from an answer", () => {
    expect(
      judge([
        [1050, 0, 3000],
        [2500, 200],
      ]),
    ).toMatchObject({ shownMs: null, unanswered: 1, slowestMs: 5 });
  });

  it("sees no recovery when the last answer is bad or the process is gone", () => {
    expect(
      judge([
        [1050, 503],
        [2200, 200],
        [2900, 503],
      ]).recoveryMs,
    ).toBeNull();
    expect(judge([[1050, 200]], { exited: true }).recoveryMs).toBeNull();
  });
});

describe("backends with nothing wrong", () => {
  it("allow no alarm, and the time until 200 counts from the beginning", () => {
    const outcome = judge(
      [
        [1100, 503],
        [1400, 200],
        [2800, 200],
      ],
      { truth: "200" },
    );
    expect(outcome).toMatchObject({ falseAlarms: 1, recoveryMs: 405, falseOk: 0 });
  });
});

describe("a fault older than the server", () => {
  it("has to be in the first answer; what was asked before does not count", () => {
    const boot: readonly Answer[] = [
      [1000, 0],
      [1200, 0],
      [1300, 503],
      [2300, 200],
    ];
    expect(judge(boot, { beforeStart: true })).toMatchObject({ polls: 2, shownMs: 0, unanswered: 0 });
    expect(judge([[1300, 200], ...boot.slice(2)], { beforeStart: true })).toMatchObject({ falseOk: 1 });
  });
});
