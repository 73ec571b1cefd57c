import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { startService } from "../../src/sandbox/service.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { runProgram, useFolder, writeExecutable, writeGreenlight } from "./pipeline.ts";

// Debian's own, where the packages are that `npm run setup` installs; a `python3` earlier in PATH may have none.
const python = "/usr/bin/python3";
const token = "a-token-that-must-not-be-shown";
const environment = await useEnvironment({ dependencies: ["redis"] });
const redis = environment.dependencies.get("redis")!;
const service = await startService({
  environment,
  token,
  port: await freePort(),
  signal: new AbortController().signal,
});
afterAll(() => service.process.stop());
const folder = useFolder();
const greenlight = writeGreenlight(folder);

interface Session {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the example as somebody has it who copied it. */
async function pytest({ args = [], env = {} }: Session = {}) {
  const cwd = mkdtempSync(join(folder, "suite-"));
  for (const name of ["conftest.py", "test_cache.py"])
    copyFileSync(join("examples/pytest", name), join(cwd, name));
  const ran = await runProgram(python, ["-m", "pytest", "-p", "no:cacheprovider", ...args], {
    cwd,
    env: { REDIS_URL: redis.url(), PYTHONDONTWRITEBYTECODE: "1", WAIT_FOR_SUITE: "database", ...env },
  });
  expect(ran.stdout + ran.stderr).not.toContain(token);
  return { ...ran, cwd };
}

const asked = { GREENLIGHT_URL: service.url, GREENLIGHT_TOKEN: token };

test("when the service says go, then the tests run, and the report has their times once", async () => {
  const { code, stdout, cwd } = await pytest({ args: ["--junit-xml=report.xml"], env: asked });
  expect(stdout).toMatch(/2 passed/);
  expect(code).toBe(0);
  const report = readFileSync(join(cwd, "report.xml"), "utf8");
  expect(report.match(/name="greenlight\.start"/g)).toHaveLength(2);
  expect(report.match(/name="greenlight\.stop"/g)).toHaveLength(2);
});

test("when callers without a token learn the verdict alone, then that is enough", async () => {
  const { code, stdout } = await pytest({ env: { GREENLIGHT_URL: service.url, WAIT_TIMEOUT: "20" } });
  expect(stdout).toMatch(/2 passed/);
  expect(code).toBe(0);
});

test("when a dependency is down, then no test runs, and the session ends with 75 and the reason", async () => {
  await redis.proxy.setMode("refuse");
  const { code, stdout } = await pytest({ env: { ...asked, WAIT_TIMEOUT: "2" } });
  await redis.proxy.setMode("none");
  expect(stdout).toMatch(/Greenlight: database is not fit within 2 s\. redis fails: nothing listens/i);
  expect(stdout).not.toMatch(/passed|failed/);
  expect(code).toBe(75);
});

test("when it recovers while the session waits, then the tests run", async () => {
  await redis.proxy.setMode("refuse");
  await eventually(async () => (await fetch(`${service.url}/health`)).status === 503);
  const session = pytest({ env: asked });
  await eventually(async () => {
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await (await fetch(`${service.url}/metrics`, { headers })).text();
    return /^greenlight_gate_\S*waiting\S* 1$/m.test(metrics);
  });
  await redis.proxy.setMode("none");
  expect(await session).toMatchObject({ code: 0 });
});

test.each([
  ["a wrong token", { ...asked, GREENLIGHT_TOKEN: "another" }, 77, /refuses the token/],
  ["a suite that is not there", { ...asked, WAIT_FOR_SUITE: "none/../such" }, 78, /no suite none/],
  [
    "a service that is not there",
    { GREENLIGHT_URL: "http://127.0.0.1:1", WAIT_TIMEOUT: "1" },
    75,
    /was not reached/,
  ],
])("with %s it ends with the code of the command line", async (_name, env, code, message) => {
  const ran = await pytest({ env });
  expect(ran.stdout).toMatch(message);
  expect(ran.code).toBe(code);
});

test("without a service, the command line looks from here, once for all workers", async () => {
  const cwd = mkdtempSync(join(folder, "counted-"));
  const calls = join(cwd, "calls");
  writeFileSync(calls, "");
  const counted = writeExecutable(
    join(cwd, "counted"),
    `#!/bin/sh\necho "$@" >> ${calls}\nexec ${greenlight} "$@"\n`,
  );
  const { code, stdout } = await pytest({ args: ["-n", "2"], env: { WAIT_COMMAND: counted } });
  expect(stdout).toMatch(/2 passed/);
  expect(code).toBe(0);
  expect(readFileSync(calls, "utf8")).toBe("wait --suite=database --timeout=300000ms --json\n");
});

test("when a password is wrong, then the command line's 69 and reason are the session's", async () => {
  const url = new URL(redis.url());
  url.password = "wrong";
  const { code, stdout } = await pytest({
    env: { WAIT_COMMAND: greenlight, REDIS_URL: url.href },
  });
  expect(stdout).toMatch(/Greenlight: .*redis fails/);
  expect(code).toBe(69);
});

test("when the command line is not there, then the session says so and no test runs", async () => {
  const { code, stdout } = await pytest({ env: { WAIT_COMMAND: "/no/such/greenlight" } });
  expect(stdout).toMatch(/was not started/);
  expect(code).toBe(78);
});

test("under greenlight run, it neither waits again nor doubles the times", async () => {
  const cwd = mkdtempSync(join(folder, "run-"));
  for (const name of ["conftest.py", "test_cache.py"])
    copyFileSync(join("examples/pytest", name), join(cwd, name));
  const args = ["run", "--suite", "database", "--stable", "0s"];
  const suite = ["--", python, "-m", "pytest", "-p", "no:cacheprovider", "--junit-xml=report.xml"];
  const ran = await runProgram(greenlight, [...args, ...suite], {
    cwd,
    // What would be asked again if the session did not know.
    env: { REDIS_URL: redis.url(), WAIT_COMMAND: "/no/such/greenlight", PYTHONDONTWRITEBYTECODE: "1" },
  });
  expect(ran.stdout).toMatch(/2 passed/);
  expect(ran.code).toBe(0);
  const report = readFileSync(join(cwd, "report.xml"), "utf8");
  expect(report.match(/name="greenlight\.start"/g)).toHaveLength(2);
});
