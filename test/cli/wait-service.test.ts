import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { type Service, startService } from "../../src/sandbox/service.ts";
import type { RunRecord } from "../../src/views/run-record.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { leaseOf } from "./lease-of.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const redis = environment.dependencies.get("redis")!;
const port = await freePort();
const start = (): Promise<Service> =>
  startService({ environment, port, signal: new AbortController().signal });
let service = await start();
afterAll(() => service.process.stop());
const { url } = service;

const recordOf = (stdout: string): RunRecord => JSON.parse(stdout) as RunRecord;
const quick = ["--url", url, "--stable", "300ms", "--timeout", "30s"];

const isLeased = async (): Promise<boolean> => (await leaseOf(url, "all")) !== undefined;

test("a service's go is go; the fingerprint is the environment's", async () => {
  const { code, stdout, stderr } = await runCli(["wait", ...quick, "--suite", "database", "--json"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(recordOf(stdout)).toMatchObject({
    suite: "database",
    outcome: "passed",
    vantage: { kind: "service", url },
    fingerprint: { environment: "sandbox", dependencies: { postgres: { kind: "postgres" } } },
    gate: { verdict: "go", checks: [{ dependency: "postgres" }, { dependency: "redis" }] },
  });
});

test("an unknown suite is 78, with those that the service knows", async () => {
  const { code, stdout, stderr } = await runCli(["wait", "--suite", "databse"], {
    env: { GREENLIGHT_URL: url },
  });
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toContain("Did you mean database?\nKnown: ");
});

test("it waits while the service says so, and tells of the incident", async () => {
  await redis.setMode("refuse");
  await eventually(async () => (await fetch(`${url}/gate/all`)).status === 503);
  const running = runCli(["wait", ...quick, "--json"]);
  await sleep(1000);
  await redis.setMode("none");
  const { code, stdout, stderr } = await running;
  expect(code).toBe(0);
  expect(stderr).toContain("asking http://127.0.0.1");
  expect(recordOf(stdout).incidents).toMatchObject([
    { dependency: "redis", cause: { code: "CONNECT_REFUSED" } },
  ]);
});

test("a service that is restarted in mid-wait is waited for", async () => {
  await redis.setMode("refuse");
  await eventually(async () => (await fetch(`${url}/gate/all`)).status === 503);
  const running = runCli(["wait", ...quick]);
  await sleep(700);
  await service.process.stop({ signal: "SIGKILL" });
  await redis.setMode("none");
  await sleep(700);
  service = await start();
  const { code, stderr } = await running;
  expect(code).toBe(0);
  expect(stderr).toMatch(/note: cannot ask .*(CONNECT_REFUSED|CONNECTION_CLOSED)/);
  expect(stderr).toContain(`note: ${url} answers again.`);
});

test("--exclusive: two never have the environment at once, and an interrupted one gives it up", async () => {
  await redis.setMode("refuse");
  const first = spawnCli(["wait", ...quick, "--exclusive"]);
  onTestFinished(() => void first.kill("SIGKILL"));
  await eventually(isLeased);
  const second = runCli(["wait", ...quick, "--timeout", "1s", "--exclusive"]);
  const denied = await second;
  expect(denied.code).toBe(75);
  expect(denied.stdout).toMatch(/^Not fit within 1s: suite all still waits: The suite is leased to /);
  const ended = once(first, "close");
  first.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(await isLeased()).toBe(false);
  await redis.setMode("none");
  const { code } = await runCli(["wait", ...quick, "--exclusive"]);
  expect(code).toBe(0);
  expect(await isLeased()).toBe(false);
});

test("--dry-run asks once, and takes no lease", async () => {
  const { code, stdout } = await runCli(["wait", "--url", url, "--dry-run", "--exclusive"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Dry run, nothing was started\. Now: go/);
  expect(stdout).toContain(`asking ${url}`);
  expect(await isLeased()).toBe(false);
});
