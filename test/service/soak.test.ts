import { expect, test } from "vitest";
import type { SandboxDependency } from "../../src/sandbox/dependency.ts";
import type { FaultMode } from "../../src/sandbox/fault-modes.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { ask } from "./ask.ts";
import { connectionsTo, openFiles, residentMiB, spawnReady } from "./spawned.ts";

const environment = await useEnvironment();
const dependencies = [...environment.dependencies.values()];
const [postgres, clickhouse, redis] = ["postgres", "clickhouse", "redis"].map(
  (name) => dependencies.find((each) => each.name === name)?.url() ?? "",
);

const ports = dependencies.map(({ proxy }) => proxy.port);

const MODES: readonly FaultMode[] = [
  "refuse",
  "none",
  "reset",
  "none",
  "latency",
  "garbage",
  "none",
  "blackhole-established",
  "blackhole",
  "none",
];

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

test("after 3000 polls while faults come and go on all servers, files, connections and memory are as before", async () => {
  const server = await spawnReady(
    {
      env: {
        DATABASE_URL: postgres ?? "",
        CLICKHOUSE_URL: clickhouse ?? "",
        REDIS_URL: redis ?? "",
        GREENLIGHT_PROBE_INTERVAL: "100ms",
      },
    },
    "pass",
  );
  const pid = server.child.pid as number;

  let most = { count: 0, where: "nowhere" };
  const watching = setInterval(() => {
    for (const [index, count] of connectionsTo(ports).entries()) {
      const { name, mode } = dependencies[index] as SandboxDependency;
      if (count > most.count) most = { count, where: `${name} in the mode ${mode}` };
    }
  }, 100);

  const polled = new AbortController();
  async function toggle(): Promise<void> {
    for (let turn = 0; !polled.signal.aborted; turn += 1) {
      await Promise.all(
        dependencies.map(({ proxy }, index) =>
          proxy.setMode(MODES[(turn + 3 * index) % MODES.length] ?? "none"),
        ),
      );
      await sleep(200);
    }
    await Promise.all(dependencies.map(({ proxy }) => proxy.setMode("none")));
  }

  async function pollMany(count: number): Promise<Map<number, number>> {
    const statuses = new Map<number, number>();
    let left = count;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (left > 0) {
          left -= 1;
          const answer = await ask(`${server.url}/health`);
          expect(answer.ms).toBeLessThan(1000);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          await sleep(15);
        }
      }),
    );
    return statuses;
  }

  const isWell = async (): Promise<boolean> => (await ask(`${server.url}/health`)).body.status === "pass";
  const settled = async (): Promise<{ files: number; memory: number }> => {
    await eventually(isWell, { deadlineMs: 15_000 });
    await eventually(() => connectionsTo(ports).every((count) => count === 1), {
      deadlineMs: 10_000,
    });
    return { files: openFiles(pid), memory: residentMiB(pid) };
  };

  // The first round fills caches and loads what is loaded when needed.
  await pollMany(500);
  const before = await settled();
  const toggled = toggle();
  const statuses = await pollMany(3000);
  polled.abort();
  await toggled;
  clearInterval(watching);
  const after = await settled();

  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses.get(503), "the faults were seen").toBeGreaterThan(100);
  expect(statuses.get(200), "and so were the recoveries").toBeGreaterThan(100);
  expect(most.count, `connections to ${most.where}`).toBeLessThanOrEqual(2);
  // Kept-alive connections of this test's own come and go.
  await eventually(() => expect(openFiles(pid)).toBeLessThanOrEqual(before.files + 4), {
    deadlineMs: 10_000,
  });
  expect(after.memory - before.memory, `MiB more than ${before.memory}`).toBeLessThan(40);
  expect(server.lines().filter(({ severity }) => severity === "ERROR" || severity === "CRITICAL")).toEqual(
    [],
  );
  expect(server.stderr()).toBe("");
  expect(server.child.exitCode).toBeNull();
}, 60_000);
