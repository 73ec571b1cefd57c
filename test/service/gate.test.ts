import { describe, expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { startApplication } from "./application.ts";
import { ask } from "./ask.ts";
import { spawnReady } from "./spawned.ts";

const redis = await useDependency("redis");
const env = { REDIS_URL: redis.url() };

interface GateBody {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string }[];
}
const gateOf = async (url: string): Promise<GateBody> => JSON.parse((await ask(url)).text) as GateBody;

/** The machine's clock, to which time can be added: what a process sees that was frozen and goes on. */
function movable() {
  let added = 0;
  return {
    clock: { now: () => Date.now() + added, monotonic: () => performance.now() + added },
    add: (ms: number) => void (added += ms),
  };
}

describe("SIGTERM", () => {
  test("lets a held request go with DRAINING, which is no go, and the process ends in order", async () => {
    const server = await spawnReady({ env }, "pass");
    await redis.proxy.setMode("refuse");
    try {
      await eventually(async () => (await gateOf(`${server.url}/gate/all`)).verdict === "wait");
      const held = gateOf(`${server.url}/gate/all?wait=14s`);
      await eventually(async () =>
        (await ask(`${server.url}/metrics`)).text.includes('greenlight_gate_waiting{suite="all"} 1'),
      );
      server.child.kill("SIGTERM");
      const { verdict, reasons } = await held;
      expect(verdict).toBe("inconclusive");
      expect(reasons.map(({ code }) => code)).toContain("DRAINING");
      expect((await server.ended()).end).toBe(0);
    } finally {
      await redis.proxy.setMode("none");
    }
  });
});

describe("a process that is frozen between requests", () => {
  const unhurried = { ...env, GREENLIGHT_PROBE_INTERVAL: "10m", GREENLIGHT_PROBE_MAX_AGE: "30m" };

  test("refreshes what is too old in the request, and begins the window anew", async () => {
    const { clock, add } = movable();
    const { url, services, close } = await startApplication({ env: unhurried, clock });
    await eventually(async () => (await gateOf(`${url}/gate/all?stable=0s`)).verdict === "go", {
      deadlineMs: 15_000,
    });
    add(2 * 3_600_000);
    expect(services.gate.evaluate("all").reasons).toMatchObject([{ code: "UNKNOWN" }]);
    const first = await gateOf(`${url}/gate/all`);
    expect(first).toMatchObject({ verdict: "wait", reasons: [{ code: "SETTLING" }] });
    add(4000);
    expect((await gateOf(`${url}/gate/all`)).verdict, "observed again at the end of the window").toBe("go");
    await close();
  });

  test("does not say go from what it knew before, however long it waits for an answer", async () => {
    const { clock, add } = movable();
    const { url, close } = await startApplication({ env: unhurried, clock });
    await eventually(async () => (await gateOf(`${url}/gate/all?stable=0s`)).verdict === "go", {
      deadlineMs: 15_000,
    });
    await redis.proxy.setMode("blackhole");
    try {
      add(2 * 3_600_000);
      expect((await gateOf(`${url}/gate/all?stable=0s`)).verdict).not.toBe("go");
    } finally {
      await redis.proxy.setMode("none");
      await close();
    }
  });
});
