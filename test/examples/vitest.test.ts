import { mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { runProgram, useFolder, writeGreenlight } from "./pipeline.ts";

const postgres = await useDependency("postgres");
const folder = useFolder();
const greenlight = writeGreenlight(folder);
const entry = resolve("node_modules/vitest/vitest.mjs");

async function vitest(env: Readonly<Record<string, string>> = {}) {
  const report = join(mkdtempSync(join(folder, "run-")), "vitest.xml");
  const ran = await runProgram(process.execPath, [entry, "run"], {
    cwd: resolve("examples/vitest"),
    env: {
      DATABASE_URL: postgres.url(),
      WAIT_FOR_SUITE: "database",
      WAIT_COMMAND: greenlight,
      JUNIT_FILE: report,
      NO_COLOR: "1",
      ...env,
    },
  });
  return { ...ran, report };
}

test("when the environment is fit, then the tests run and are reported", async () => {
  const { code, report, stdout, stderr } = await vitest();
  expect(code, stdout + stderr).toBe(0);
  expect(readFileSync(report, "utf8")).toMatch(/tests="2" failures="0"/);
});

test("when Postgres is down, then no test runs, and the reasons are said with 75", async () => {
  await postgres.proxy.setMode("refuse");
  const { code, report, stdout, stderr } = await vitest({ WAIT_TIMEOUT: "2s" });
  await postgres.proxy.setMode("none");
  expect(stdout + stderr).toMatch(/Greenlight: .*\n {2}- postgres fails: nothing listens on that port\./i);
  expect(readFileSync(report, "utf8")).not.toContain("<testcase");
  expect(code).toBe(75);
});

test("when a password is wrong, then it ends with 69", async () => {
  const url = new URL(postgres.url());
  url.password = "wrong";
  const { code, stdout, stderr } = await vitest({ DATABASE_URL: url.href });
  expect(stdout + stderr).toMatch(/ {2}- postgres fails: .*\n(?:.*\n)* {2}1\. /);
  expect(code).toBe(69);
});

test("when the command line is not there, then the run fails and says so", async () => {
  const { code, stderr, stdout } = await vitest({ WAIT_COMMAND: "/no/such/greenlight" });
  expect(stdout + stderr).toMatch(/no\/such\/greenlight: ENOENT/);
  expect(code).toBe(78);
});

test("under greenlight run it does not wait again", async () => {
  const { code } = await vitest({ GREENLIGHT_VERDICT: "go", WAIT_COMMAND: "/no/such/greenlight" });
  expect(code).toBe(0);
});
