import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { ask } from "./ask.ts";
import { type Spawned, spawnReady } from "./spawned.ts";

const redis = await useDependency("redis");

const KEY = "5f0c7d1e9a3b42684c1d8e7f60a9b3c2";
const CANARY = "Xk9canaryQz7";

interface Findings {
  readonly complete: boolean;
  readonly findings: readonly { readonly id: string; readonly severity: string }[];
}
interface Gate {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string }[];
}

async function start(strict: boolean) {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-drift-service-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const env = { REDIS_URL: redis.url(), GREENLIGHT_BASELINE_KEY: KEY };
  const write = (text: string): Promise<void> => writeFile(join(cwd, ".env.staging"), text);
  await writeFile(
    join(cwd, "greenlight.yaml"),
    `environment: test\nstrict: ${strict}\ndrift: { every: 1s, sources: [{ env: .env.staging }] }\nsuites: { all: { requires: [redis], stable: 0s } }\n`,
  );
  await write("FLAG=true\n");
  const greenlight = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runCli(args, { cwd, env });
    if (code !== 0) throw new Error(stderr);
  };
  await greenlight("config", "baseline");
  const server = await spawnReady({ env, cwd }, "pass");
  return { server, write, greenlight, cwd };
}

const read = async <T>(server: Spawned, path: string): Promise<T> =>
  JSON.parse((await ask(`${server.url}${path}`)).text) as T;

const drifted = async (server: Spawned): Promise<string[]> =>
  (await read<Findings>(server, "/findings")).findings
    .map(({ id }) => id)
    .filter((id) => id.startsWith("DRIFT_"));

async function isGo(server: Spawned): Promise<void> {
  await eventually(async () => {
    const gate = await read<Gate>(server, "/gate/all");
    return gate.verdict === "go" || Promise.reject(new Error(JSON.stringify(gate.reasons)));
  }, SLOW);
}

const ID = "DRIFT_CHANGED:env:.env.staging:FLAG";
const SLOW = { deadlineMs: 20_000, intervalMs: 50 };

describe("a running service", () => {
  test("shows what drifts while it runs, and stops a strict suite until it is accepted", async () => {
    const { server, write, greenlight, cwd } = await start(true);
    await eventually(async () => (await read<Findings>(server, "/findings")).complete, SLOW);
    expect(await drifted(server)).toEqual([]);
    await isGo(server);

    await write(`FLAG=${CANARY}\n`);
    await eventually(async () => (await drifted(server)).includes(ID), SLOW);
    const stopped = await read<Gate>(server, "/gate/all");
    expect(stopped.verdict).toBe("stop");
    expect(stopped.reasons.map(({ code }) => code)).toContain("FINDING");
    expect(JSON.stringify(stopped)).toContain("greenlight config drift");
    for (const path of ["/findings", "/gate/all"])
      expect((await ask(`${server.url}${path}`)).text).not.toContain(CANARY);

    await greenlight("config", "drift", "accept", "FLAG", "--reason", "meant");
    await isGo(server);
    expect(await drifted(server)).toEqual([]);
    expect(await readFile(join(cwd, "greenlight.baseline.json"), "utf8")).not.toContain(CANARY);

    server.child.kill("SIGTERM");
    expect((await server.ended()).end).toBe(0);
    expect(server.stdout() + server.stderr()).not.toContain(CANARY);
  });

  test("where nothing is strict, drift stops nobody", async () => {
    const { server, write } = await start(false);
    await write("FLAG=false\n");
    await eventually(async () => (await drifted(server)).includes(ID), SLOW);
    expect((await read<Gate>(server, "/gate/all")).verdict).toBe("go");
  });
});
