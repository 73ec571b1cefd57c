import { describe, expect, onTestFinished, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { fresh, pytest, runSuite, startRun } from "./run-suite.ts";
import { resolve } from "node:path";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres")!;
const env = {
  DATABASE_URL: postgres.url(),
  REDIS_URL: environment.dependencies.get("redis")!.url(),
};
const quick = ["--suite", "database", "--stable", "100ms", "--timeout", "20s"];

/** Puts the environment right again whatever the test found. */
function restored(): void {
  onTestFinished(async () => {
    await postgres.setMode("none");
    await postgres.restart();
  });
}

describe("Postgres breaks while pytest runs", () => {
  test.each(["1 process", "2 processes"])(
    "killed, with %s: 75, and each failed test names its incident",
    async (on) => {
      restored();
      const parallel = on === "2 processes" ? ["-n", "2", "--dist", "loadfile"] : [];
      const run = startRun(quick, pytest(["test_fit.py", "test_broken.py"], ...parallel), { env });
      await run.reached("breaking");
      postgres.server.signal("SIGKILL");
      run.goOn("breaking");
      const { code, record, stderr } = await run.result;
      expect({ code, stderr: code === 75 ? "" : stderr }).toEqual({ code: 75, stderr: "" });
      expect(record).toMatchObject({
        outcome: "environment",
        child: { exitCode: 1 },
        triage: { counts: { passed: 4, failed: 2 }, byAttribution: { environment: 2 } },
      });
      for (const { test, evidence } of record.triage!.judged) {
        expect(test.interval?.precision).toBe("exact");
        expect(evidence).toContainEqual(
          expect.objectContaining({
            kind: "incident",
            incident: expect.objectContaining({ dependency: "postgres" }) as unknown,
          }),
        );
      }
      expect(stderr).toContain("test_while_it_breaks");
      expect(stderr).toContain("postgres: CONNECT_REFUSED");
    },
  );

  test("refused at the proxy: 75", async () => {
    restored();
    const run = startRun(quick, pytest(["test_broken.py"]), { env });
    await run.reached("breaking");
    await postgres.setMode("refuse");
    run.goOn("breaking");
    const { code, record } = await run.result;
    expect({ code, outcome: record.outcome }).toEqual({ code: 75, outcome: "environment" });
  });

  test("and a test of the product fails as well: pytest's own 1", async () => {
    restored();
    const run = startRun(quick, pytest(["test_product.py", "test_broken.py"]), { env });
    await run.reached("breaking");
    postgres.server.signal("SIGKILL");
    run.goOn("breaking");
    const { code, record } = await run.result;
    expect(code).toBe(1);
    // It ran so shortly before that nobody saw whether Postgres still answered; that excuses nothing.
    expect(record.triage!.byAttribution.environment).toBe(2);
    expect(record.triage!.judged).toHaveLength(3);
  });

  test("and no test noticed: 0, with the incident told", async () => {
    restored();
    const run = startRun(
      quick,
      [
        "sh",
        "-c",
        'touch "$SIGNALS/breaking"; while [ ! -e "$SIGNALS/breaking.done" ]; do sleep 0.05; done; sleep 1',
      ],
      { env },
    );
    await run.reached("breaking");
    postgres.server.signal("SIGKILL");
    run.goOn("breaking");
    const { code, record } = await run.result;
    expect(code).toBe(0);
    expect(record.incidents).toEqual([expect.objectContaining({ dependency: "postgres", status: "fail" })]);
  });
});

describe("--abort-on-unfit", () => {
  test("ends a suite that hangs, keeps its results so far, and exits with 75", async () => {
    restored();
    const run = startRun([...quick, "--abort-on-unfit", "2s"], pytest(["test_fit.py", "test_broken.py"]), {
      env,
    });
    await run.reached("breaking");
    postgres.server.signal("SIGKILL");
    const { code, record, stderr } = await run.result;
    expect({ code, outcome: record.outcome }).toEqual({ code: 75, outcome: "aborted" });
    expect(record.triage!.counts.passed).toBeGreaterThanOrEqual(3);
    expect(record.summary).toMatch(/^Aborted: postgres has been down for \d+s, longer than/);
    expect(stderr).toMatch(/^greenlight: ending the command: postgres has been down/m);
  });

  test("ends one that hears no Ctrl-C because it waits for a server that fell silent: 75", async () => {
    restored();
    const run = startRun([...quick, "--abort-on-unfit", "1s"], pytest(["test_broken.py"]), { env });
    await run.reached("breaking");
    postgres.server.signal("SIGSTOP");
    run.goOn("breaking");
    const { code, record } = await run.result;
    expect({ code, outcome: record.outcome, signal: record.child?.signal }).toEqual({
      code: 75,
      outcome: "aborted",
      signal: "SIGTERM",
    });
  });

  test("is off by default", async () => {
    restored();
    const run = startRun(quick, ["sh", "-c", 'touch "$SIGNALS/breaking"; sleep 4; exit 3'], { env });
    await run.reached("breaking");
    postgres.server.signal("SIGKILL");
    const { code, record } = await run.result;
    expect({ code, outcome: record.outcome }).toEqual({ code: 3, outcome: "failed" });
  });
});

describe("Vitest", () => {
  const root = resolve("test/cli/suites/vitest");
  const vitest = (...args: readonly string[]): { junit: string; command: string[] } => {
    const junit = fresh("vitest.xml");
    const command = [
      resolve("node_modules/.bin/vitest"),
      "run",
      "--root",
      root,
      "--config",
      resolve(root, "vitest.config.ts"),
      "--reporter=default",
      "--reporter=junit",
      `--outputFile.junit=${junit}`,
      ...args,
    ];
    return { junit, command };
  };

  test("that passes: 0", async () => {
    const { junit, command } = vitest("fit");
    const { code, record, stderr } = await runSuite([...quick, "--junit", junit], command, { env });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(record.triage!.counts).toMatchObject({ passed: 2, failed: 0 });
  });

  test("that fails in a fit environment: its own 1", async () => {
    const { junit, command } = vitest("product");
    const { code, record } = await runSuite([...quick, "--junit", junit], command, { env });
    expect({ code, outcome: record.outcome }).toEqual({ code: 1, outcome: "failed" });
  });

  test("with Postgres killed in the middle: 75", async () => {
    restored();
    const { junit, command } = vitest("broken");
    const run = startRun([...quick, "--junit", junit], command, { env });
    await run.reached("breaking");
    postgres.server.signal("SIGKILL");
    run.goOn("breaking");
    const { code, record, stderr } = await run.result;
    expect({ code, stderr: code === 75 ? "" : stderr }).toEqual({ code: 75, stderr: "" });
    expect(record.triage!.byAttribution).toMatchObject({ environment: 2 });
  });

  test("that finds no test: its own code without a report, never 0", async () => {
    const { junit, command } = vitest("no-such-file");
    const { code } = await runSuite([...quick, "--junit", junit], command, { env });
    expect(code).not.toBe(0);
    expect(code).not.toBe(75);
  });
});
