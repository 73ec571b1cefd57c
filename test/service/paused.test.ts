import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { startService } from "../../src/sandbox/service.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";

const environment = await useEnvironment({ dependencies: ["redis"] });
const redis = environment.dependencies.get("redis")!;
const service = await startService({
  environment,
  port: await freePort(),
  signal: new AbortController().signal,
});
afterAll(() => service.process.stop());

const verdictNow = async (): Promise<number> => (await fetch(`${service.url}/gate/all?stable=0s`)).status;

test.each([
  ["for less time than makes a word stale", 3000],
  ["for longer", 7000],
])("a process that was stopped %s does not begin with its old go", { timeout: 30_000 }, async (_how, ms) => {
  await eventually(async () => (await verdictNow()) === 200);
  onTestFinished(async () => {
    service.process.signal("SIGCONT");
    await redis.setMode("none");
  });
  service.process.signal("SIGSTOP");
  // Blackholed, so that no end of a connection wakes the observer first.
  await redis.setMode("blackhole");
  await sleep(ms);
  const first = verdictNow();
  await sleep(100);
  service.process.signal("SIGCONT");
  expect(await first).toBe(503);
});
