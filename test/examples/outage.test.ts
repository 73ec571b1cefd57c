import { mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunRecord } from "../../src/views/run-record.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { runProgram, useFolder, writeExecutable, writeGreenlight } from "./pipeline.ts";

const python = "/usr/bin/python3";
const redis = await useDependency("redis");
const folder = useFolder();
const greenlight = writeGreenlight(folder);

/** Runs a suite of the example; `during` once the test of that name is under way. */
async function run(file: string, { at, during }: { at?: string; during?: () => Promise<void> } = {}) {
  const cwd = mkdtempSync(join(folder, "run-"));
  const progress = join(cwd, "progress");
  // pytest writes the name of each test as it starts.
  const suite = writeExecutable(
    join(cwd, "suite"),
    `#!/bin/sh\nexec ${python} -u -m pytest -v -p no:cacheprovider ${resolve("examples/outage", file)} > progress 2>&1\n`,
  );
  const running = runProgram(
    greenlight,
    [
      "run",
      "--suite",
      "database",
      "--stable",
      "0s",
      "--junit",
      "report.xml",
      "--report",
      "json=run.json",
    ].concat(["--", suite, "--junit-xml=report.xml"]),
    {
      cwd,
      env: {
        REDIS_URL: redis.url(),
        PYTHONDONTWRITEBYTECODE: "1",
        PYTEST_ADDOPTS: `--junit-xml=${join(cwd, "report.xml")}`,
      },
    },
  );
  if (at !== undefined && during !== undefined) {
    await eventually(() => readFileSync(progress, "utf8").includes(at), { deadlineMs: 20_000 });
    await during();
  }
  const ran = await running;
  const record = JSON.parse(readFileSync(join(cwd, "run.json"), "utf8")) as RunRecord;
  const attributions = record.triage?.judged.map(({ test, attribution }) => `${test.name}: ${attribution}`);
  return { ...ran, record, attributions };
}

async function kill(): Promise<void> {
  redis.server.signal("SIGKILL");
}

/** Whatever ended since Redis was last seen to pass, about a second before, may have met its end. */
async function killAfterALook(): Promise<void> {
  await sleep(1500);
  await kill();
}

test("when nothing breaks, then the suite passes", async () => {
  const { code, record } = await run("test_cart.py");
  expect({ code, outcome: record.outcome }).toEqual({ code: 0, outcome: "passed" });
});

test("when Redis is killed in the middle, then the red tests are the environment's and the code is 75", async () => {
  const { code, record, attributions, stdout, stderr } = await run("test_cart.py", {
    at: "test_a_cart_is_kept",
    during: kill,
  });
  await redis.restart();
  expect(attributions, stdout + stderr).toEqual([
    "test_a_cart_is_kept: environment",
    "test_a_cart_is_emptied: environment",
  ]);
  expect({ code, outcome: record.outcome }).toEqual({ code: 75, outcome: "environment" });
  expect(record.incidents).toMatchObject([{ dependency: "redis", cause: { code: "CONNECT_REFUSED" } }]);
});

test("when tests fail for four reasons, then each is told apart, and the code is pytest's own", async () => {
  const { code, attributions } = await run("test_shop.py", {
    at: "test_a_cart_is_kept",
    during: killAfterALook,
  });
  await redis.restart();
  expect(attributions).toEqual([
    "test_the_total_has_the_tax: test",
    "test_a_mail_is_sent: undetermined",
    "test_a_cart_is_kept: environment",
    "test_the_price_is_shown: mixed",
  ]);
  expect(code).toBe(1);
});
