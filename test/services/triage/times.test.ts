import { afterEach, describe, expect, test } from "vitest";
import { parseSeconds, spanOf } from "../../../services/triage/times.ts";
import { fixture, RUN, suiteOf, triageOf, triageText } from "./support.ts";

test.each([
  ["0.123", 0.123],
  ["1,234.5", 1234.5],
  ["1.234,5", 1234.5],
  ["0,12", 0.12],
  ["1,234,567", 1_234_567],
  ["12", 12],
  [".5", 0.5],
  ["1e-3", 0.001],
  [" 2.0 ", 2],
  ["", undefined],
  ["-1", undefined],
  ["NaN", undefined],
  ["1 s", undefined],
  ["9".repeat(100), undefined],
  [undefined, undefined],
])("%j are %j seconds", (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});

test("1,234 are thousands where a test can have taken that long, else a decimal", () => {
  expect(parseSeconds("1,234", 3600)).toBe(1234);
  expect(parseSeconds("1,234", 600)).toBe(1.234);
});

describe("a timestamp", () => {
  const zone = process.env["TZ"];
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  test.each([
    ["UTC with Z", "2026-03-01T10:01:00Z", true],
    ["an offset", "2026-03-01T15:31:00+05:30", true],
    ["an offset without a colon", "2026-03-01T05:01:00.000-0500", true],
    ["microseconds", "2026-03-01T10:01:00.000000+00:00", true],
    ["no zone, UTC", "2026-03-01T10:01:00", true],
    ["no zone, local time", "2026-03-01T11:01:00", true],
    ["a space for the T", "2026-03-01 10:01:00", true],
    ["another day", "2026-02-28T10:01:00Z", false],
    ["words", "yesterday", false],
  ])("with %s lies in the run or is none", (_what, stamp, known) => {
    process.env["TZ"] = "Europe/Berlin";
    const span = spanOf(stamp, { seconds: 5, run: RUN });
    expect(span).toEqual(known ? { from: RUN.from + 60_000, to: RUN.from + 65_000 } : undefined);
  });

  test("after which the suite would have lasted beyond the run is not its start", () => {
    expect(spanOf("2026-03-01T10:09:59Z", { seconds: 60, run: RUN })).toBeUndefined();
  });
});

const red = (name: string, seconds: number, more = "") =>
  `<testcase name="${name}" time="${seconds}">${more}<failure message="boom"/></testcase>`;

const intervals = async (text: string) => {
  const { judged } = await triageText(text);
  return judged.map(({ test: { interval } }) => ({
    from: ((interval?.from ?? 0) - RUN.from) / 1000,
    to: ((interval?.to ?? 0) - RUN.from) / 1000,
    precision: interval?.precision,
  }));
};

const property = (from: number) =>
  `<properties><property name="greenlight.start" value="${from}"/><property name="greenlight.stop">${from + 1}</property></properties>`;

describe("when a test ran", () => {
  const START = 'name="s" timestamp="2026-03-01T10:01:00Z"';
  const WHOLE_RUN = { from: 0, to: 600, precision: "suite" };

  test("is added up from the durations before it, widened by what the suite did besides", async () => {
    const text = suiteOf(red("a", 10) + red("b", 20), `${START} time="31"`);
    expect(await intervals(text)).toEqual([
      { from: 60, to: 71, precision: "estimated" },
      { from: 70, to: 91, precision: "estimated" },
    ]);
  });

  test.each([
    ["the tests ran at the same time", suiteOf(red("a", 20) + red("b", 20), `${START} time="21"`), 21],
    ["the suite did much besides", suiteOf(red("a", 1) + red("b", 1), `${START} time="30"`), 30],
    ["a test has no duration", suiteOf(`${red("a", 29)}<testcase name="c"/>`, `${START} time="30"`), 30],
  ])("is as exact as the suite where %s", async (_what, text, seconds) => {
    for (const each of await intervals(text)) {
      expect(each).toEqual({ from: 60, to: 60 + seconds, precision: "suite" });
    }
  });

  test("is all that is known of the run where the suite says nothing, or something that cannot be", async () => {
    expect(await intervals(suiteOf(red("a", 1)))).toEqual([WHOLE_RUN]);
    expect(await intervals(suiteOf(red("a", 1), 'timestamp="2020-01-01T00:00:00Z" time="1"'))).toEqual([
      WHOLE_RUN,
    ]);
  });

  test("is exact where properties say it, printed or not, unless they lie outside the run", async () => {
    const start = RUN.from / 1000 + 5;
    const printed = `<system-out>log\n[[PROPERTY|greenlight.start=${start}]]\n[[PROPERTY|greenlight.stop=${start + 1}]]</system-out>`;
    const exact = { from: 5, to: 6, precision: "exact" };
    expect(await intervals(suiteOf(red("a", 1, property(start)) + red("b", 1, printed)))).toEqual([
      exact,
      exact,
    ]);
    expect(
      await intervals(suiteOf(red("a", 1, property(start + 9000)) + red("b", 1, property(Number.NaN)))),
    ).toEqual([WHOLE_RUN, WHOLE_RUN]);
  });

  test("is that of the run where all suites claim the same start, as Playwright and Go write", async () => {
    const suite = `<testsuite ${START} time="10">${red("a", 10)}</testsuite>`;
    expect(await intervals(`<testsuites>${suite}${suite}</testsuites>`)).toEqual([WHOLE_RUN, WHOLE_RUN]);
  });

  test("is not told by Vitest's timestamp, which is that of the writing", async () => {
    const run = { from: Date.parse("2026-11-22T05:21:30Z"), to: Date.parse("2026-11-22T05:21:34Z") };
    const { judged } = await triageOf({ sources: [fixture("vitest")], run });
    for (const { test } of judged) expect(test.interval).toEqual({ ...run, precision: "suite" });
  });
});
