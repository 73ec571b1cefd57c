import { afterAll, expect, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { startService } from "../../src/sandbox/service.ts";
import type { BothReport } from "../../src/views/both-report.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { runCli } from "./run-cli.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const service = await startService({
  environment,
  port: await freePort(),
  signal: new AbortController().signal,
});
afterAll(() => service.process.stop());
const postgres = environment.dependencies.get("postgres")!;
const redis = environment.dependencies.get("redis")!;
const both = ["check", "--both", "--url", service.url];
/** Past the proxy, as another way to the same servers. */
const env = { DATABASE_URL: postgres.server.url(), REDIS_URL: redis.server.url() };

test("when both places reach all, then it is fit and says so", async () => {
  const { code, stdout } = await runCli(both, { env });
  expect(stdout).toMatch(/^Both places reach all 2 dependencies\.\n/);
  expect(code).toBe(0);
});

test("when the way of the service alone is cut, then it says that this machine reaches it", async () => {
  await redis.proxy.setMode("refuse");
  await eventually(async () => {
    const { code, stdout } = await runCli([...both, "--json"], { env });
    const report = JSON.parse(stdout) as BothReport;
    expect(report.dependencies).toMatchObject([
      { dependency: "postgres", comparison: "reached-by-both" },
      {
        dependency: "redis",
        comparison: "not-from-service",
        service: { cause: { code: "CONNECT_REFUSED" } },
      },
    ]);
    expect({ code, verdict: report.verdict }).toEqual({ code: 75, verdict: "wait" });
  });
  await redis.proxy.setMode("none");
});

test("when the way from here alone is cut, then it says that the service reaches it, with the steps for here", async () => {
  const gone = `redis://127.0.0.1:${await freePort()}/0`;
  await eventually(async () => {
    const { code, stdout } = await runCli(both, { env: { ...env, REDIS_URL: gone } });
    expect(stdout).toMatch(/^redis: up, and not reached from this machine\.\n/);
    expect(stdout).toMatch(/^redis +fail +CONNECT_REFUSED at connect +pass$/m);
    expect(stdout).toMatch(/^Next steps\n {2}1\. redis: Compare the address that this machine was given/m);
    expect(stdout).not.toContain("Start the server");
    expect(code).toBe(75);
  });
});

test("when the server is gone, then it is down from both places", async () => {
  redis.server.signal("SIGKILL");
  await eventually(async () => {
    const { code, stdout } = await runCli(both, { env });
    expect(stdout).toMatch(/^redis: down from both places\.\n/);
    expect(code).toBe(75);
  });
  await redis.restart();
});

test("when one place does not know a dependency, then it is not compared, and the verdict is of what is known", async () => {
  await eventually(async () => {
    const { code, stdout } = await runCli(both, { env: { DATABASE_URL: env.DATABASE_URL } });
    expect(stdout).toMatch(/^redis: not compared\.\n/);
    expect(stdout).toMatch(/^redis +not looked at/m);
    expect(code).toBe(0);
  });
});

test.each<[string, string[], RegExp]>([
  ["without a service", ["check", "--both"], /no service is named/],
  ["with URLs", [...both, "redis://127.0.0.1:1"], /URLs have none/],
  ["--url alone", ["check", "--url", service.url], /--url goes with --both/],
])("%s it is a usage error", async (_name, args, message) => {
  const { code, stderr, stdout } = await runCli(args, { env });
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toMatch(message);
});
