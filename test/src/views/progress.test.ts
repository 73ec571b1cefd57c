import type { SeenRequirement } from "../../../services/gate/seen.ts";
// oxlint-disable no-control-regex
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Reason, Verdict } from "../../../services/gate/verdict.ts";
import type { Seen } from "../../../src/gate/watch.ts";
import { createProgress, type ProgressOptions } from "../../../src/views/progress.ts";
import { renderProgress } from "../../../src/views/progress-table.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function seenAs(
  verdict: Verdict,
  checks: readonly SeenRequirement[],
  more: Partial<Seen["evaluation"]> = {},
): Seen {
  const evaluation = {
    suite: "e2e",
    verdict,
    fit: false,
    stableForMs: 0,
    stableMs: 3000,
    reasons: [],
    ...more,
  };
  return { at: 0, evaluation, checks };
}

const passing: SeenRequirement = { dependency: "redis", status: "pass", level: "required" };
const failing: SeenRequirement = {
  dependency: "postgres",
  status: "fail",
  level: "required",
  cause: "CONNECT_REFUSED",
  rung: "connect",
};
const settling = seenAs("wait", [passing], {
  fit: true,
  stableForMs: 1200,
  reasons: [
    { code: "SETTLING", level: "required", effect: "blocks", curable: true, message: "not for long" },
  ],
});

function record(options: { isTTY?: boolean; env?: Record<string, string> } & Partial<ProgressOptions> = {}) {
  const { isTTY = false, env = {}, ...given } = options;
  const written: string[] = [];
  const stderr = { write: (text: string) => written.push(text), isTTY, columns: 60 };
  const progress = createProgress(
    { env: { LANG: "C.UTF-8", ...env }, stderr },
    { suite: "e2e", vantage: "looking from here", timeoutMs: 300_000, verbose: false, ...given },
  );
  return { progress, written };
}

test("without a terminal: one line per change, and a heartbeat every 30 s", () => {
  const { progress, written } = record({ env: { FORCE_COLOR: "1" } });
  progress.seen(seenAs("wait", [failing, passing]));
  progress.seen(seenAs("wait", [failing, passing]));
  expect(written).toEqual([
    "greenlight: e2e [0 s of 5m] waiting, looking from here\n",
    "greenlight: e2e [0 s of 5m] wait: postgres fail (CONNECT_REFUSED at connect); redis pass\n",
  ]);
  vi.advanceTimersByTime(29_000);
  progress.seen(seenAs("wait", [{ ...failing, cause: "AUTH_FAILED", rung: "authenticate" }, passing]));
  expect(written[2]).toBe("greenlight: e2e [29 s of 5m] wait: postgres fail (AUTH_FAILED at authenticate)\n");
  vi.advanceTimersByTime(29_000);
  expect(written).toHaveLength(3);
  vi.advanceTimersByTime(1000);
  expect(written[3]).toContain(
    "[59 s of 5m] still wait: postgres fail (AUTH_FAILED at authenticate); redis pass",
  );
  progress.seen(settling);
  expect(written[4]).toContain("fit for 1.2 s of 3s");
  progress.end();
  vi.advanceTimersByTime(90_000);
  expect(written).toHaveLength(5);
});

test("--verbose: one line for each look", () => {
  const { progress, written } = record({ verbose: true, isTTY: true });
  for (let look = 0; look < 3; look++) progress.seen(seenAs("wait", [failing]));
  expect(written).toHaveLength(4);
});

test("on a terminal: one table, redrawn in its place, which is gone in the end", () => {
  const { progress, written } = record({ isTTY: true });
  expect(written[0]).toContain("e2e: looking  0 s of 5m, looking from here");
  progress.seen(seenAs("wait", [failing, passing]));
  expect(written[1]).toMatch(/^\u001B\[1A\u001B\[J/);
  vi.advanceTimersByTime(2000);
  const last = written.at(-1) ?? "";
  expect(last).toMatch(/^\u001B\[3A\u001B\[J/);
  expect(last).toMatch(/✗ postgres +fail +connect +CONNECT_REFUSED +2 s/);
  progress.note("the service answers again");
  expect(written.at(-1)).toMatch(/^\u001B\[3A\u001B\[Jnote: the service answers again\n/);
  progress.end();
  expect(written.at(-1)).toBe("\u001B[3A\u001B[J");
  const count = written.length;
  progress.seen(settling);
  vi.advanceTimersByTime(5000);
  expect(written).toHaveLength(count);
});

test.each([
  ["NO_COLOR", { isTTY: true, env: { NO_COLOR: "1" } }, false],
  ["--no-color", { isTTY: true, color: false }, false],
  ["a terminal", { isTTY: true }, true],
  ["TERM=dumb", { isTTY: true, env: { TERM: "dumb" } }, false],
  ["no terminal, and FORCE_COLOR", { env: { FORCE_COLOR: "1" } }, false],
] as const)("colours with %s: %j is %s", (_, options, colours) => {
  const { progress, written } = record(options);
  progress.seen(seenAs("wait", [failing]));
  expect(/\u001B\[\d+m/.test(written.join(""))).toBe(colours);
  progress.end();
});

test("TERM=dumb and pipes get no escape code at all, whatever a server said", () => {
  const reason: Reason = {
    code: "HELD",
    level: "required",
    effect: "blocks",
    curable: true,
    message: "held\u001B[2J\n::error::by nobody\r##[error]x",
  };
  const hostile = seenAs("wait", [{ ...failing, cause: "\u001B[31mX\u009B2J" }], { reasons: [reason] });
  for (const options of [{ isTTY: true, env: { TERM: "dumb" } }, {}]) {
    const { progress, written } = record(options);
    progress.seen(hostile);
    progress.note("a note\u001B]0;title\u0007");
    progress.end();
    const text = written.join("");
    expect(text).not.toMatch(/[\u001B\u009B\u0007\r]/);
    expect(text).not.toMatch(/^::/m);
    expect(text).not.toContain("##[");
  }
  const lines = renderProgress(
    { suite: "e2e", vantage: "v", elapsedMs: 0, timeoutMs: 1000, seen: hostile, sinceMs: new Map() },
    { width: 60, color: false, unicode: true },
  );
  expect(lines.join("\n")).not.toMatch(/[\u001B\u009B\u0007\r]/);
});

test("no line of the table is wider than the screen, and a long table is cut, the worst first", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...passing,
    dependency: `${"dependency-with-a-long-name-".repeat(3)}${index}`,
  }));
  const lines = renderProgress(
    {
      suite: "e2e",
      vantage: `asking https://${"x".repeat(200)}`,
      elapsedMs: 65_000,
      timeoutMs: 300_000,
      seen: seenAs("wait", [...many, failing]),
      sinceMs: new Map(),
    },
    { width: 60, color: false, unicode: true },
  );
  for (const line of lines) expect(line.length).toBeLessThan(60);
  expect(lines[0]).toContain("e2e: wait  1 m 05 s of 5m");
  expect(lines[1]).toContain("postgres");
  expect(lines.at(-1)).toBe("  and 26 more");
});
