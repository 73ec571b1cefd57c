import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { type Answer, ask } from "./ask.ts";
import { found } from "./found.ts";
import { type Spawned, spawnReady } from "./spawned.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const dependency = (name: "postgres" | "redis") =>
  environment.dependencies.get(name) as NonNullable<ReturnType<typeof environment.dependencies.get>>;
const [postgres, redis] = [dependency("postgres"), dependency("redis")];
const folder = mkdtempSync(join(tmpdir(), "greenlight-restart-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { host, port } = postgres.proxy;
const storeUrl = postgres.server.adminUrl({ host, port });
const base = { REDIS_URL: redis.url() };
const stores: Record<string, Record<string, string>> = {
  sqlite: { GREENLIGHT_STORE_PATH: join(folder, "greenlight.db") },
  postgres: { GREENLIGHT_STORE_URL: storeUrl },
};

interface GateBody {
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

const sent = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const bodyOf = ({ text }: Answer): unknown => JSON.parse(text);
const leaseOf = (answer: Answer) => bodyOf(answer) as { readonly id: string; readonly fence: number };
const gateOf = async ({ url }: Spawned, query = ""): Promise<GateBody> =>
  bodyOf(await ask(`${url}/gate/all?stable=0s${query}`)) as GateBody;
const isGo = async (server: Spawned): Promise<boolean> => (await gateOf(server)).verdict === "go";

async function restarted(server: Spawned, env: Record<string, string>): Promise<Spawned> {
  server.child.kill("SIGKILL");
  expect((await server.ended()).end).toBe("SIGKILL");
  return spawnReady({ env }, "pass");
}

/** Every verdict until the store has been read, none of which may be a `go`. */
async function firstKnown(server: Spawned, query = ""): Promise<GateBody> {
  return found(
    async () => {
      const body = await gateOf(server, query);
      expect(body.verdict).not.toBe("go");
      const codes = body.reasons.map(({ code }) => code);
      return codes.some((code) => ["STANDING_UNREAD", "NOT_OBSERVED"].includes(code)) ? false : body;
    },
    { deadlineMs: 10_000 },
  );
}

describe.each(Object.keys(stores))("a process that is killed, with its store in %s,", (kind) => {
  const env = { ...base, ...stores[kind] };

  test("comes back with the hold that an operator placed, and without the one that was released", async () => {
    const first = await spawnReady({ env }, "pass");
    await eventually(() => isGo(first), { deadlineMs: 10_000 });
    const placed = await ask(
      `${first.url}/gate/all/hold`,
      sent("POST", { reason: "migrating", until: "1h" }),
    );
    expect([placed.status, bodyOf(placed)]).toMatchObject([200, { durable: true, reason: "migrating" }]);
    const second = await restarted(first, env);
    expect(await firstKnown(second)).toMatchObject({ verdict: "wait", hold: { reason: "migrating" } });
    expect((await ask(`${second.url}/gate/all/hold`, { method: "DELETE" })).status).toBe(204);
    const third = await restarted(second, env);
    await eventually(() => isGo(third), { deadlineMs: 10_000 });
  });

  test("lets the holder of a lease go on, and nobody else in; the next one has a greater fence", async () => {
    const first = await spawnReady({ env }, "pass");
    const lease = sent("POST", { holder: "ci-1", ttl: "10m" });
    const taken = await ask(`${first.url}/gate/all/lease`, lease);
    expect(taken.status, taken.text).toBe(201);
    const { id, fence } = leaseOf(taken);
    const second = await restarted(first, env);
    expect(await firstKnown(second)).toMatchObject({ verdict: "wait", lease: { holder: "ci-1" } });
    await eventually(async () => (await gateOf(second, `&lease=${id}`)).verdict === "go");
    expect((await ask(`${second.url}/gate/all/lease`, lease)).body.code).toBe("LEASED");
    const kept = await ask(`${second.url}/gate/all/lease/${id}`, sent("PUT", { ttl: "10m" }));
    expect([kept.status, bodyOf(kept)]).toMatchObject([200, { id, fence }]);
    expect((await ask(`${second.url}/gate/all/lease/${id}`, { method: "DELETE" })).status).toBe(204);
    const third = await restarted(second, env);
    const next = await ask(`${third.url}/gate/all/lease`, lease);
    expect(leaseOf(next).fence).toBeGreaterThan(fence);
    const { id: last } = leaseOf(next);
    expect((await ask(`${third.url}/gate/all/lease/${last}`, { method: "DELETE" })).status).toBe(204);
  });
});

test("with a store that is down at the start it is healthy and says no go, until it has read what was held", async () => {
  const env = { ...base, ...stores.postgres };
  const first = await spawnReady({ env }, "pass");
  const hold = sent("POST", { reason: "migrating", until: "1h" });
  expect((await ask(`${first.url}/gate/all/hold`, hold)).status).toBe(200);
  await postgres.proxy.setMode("refuse");
  const second = await restarted(first, env);
  try {
    await eventually(async () => (await gateOf(second)).reasons[0]?.message.includes(String(port)) === true);
    const unread = await gateOf(second);
    expect(unread).toMatchObject({ verdict: "inconclusive", reasons: [{ code: "STANDING_UNREAD" }] });
    const { password } = new URL(storeUrl);
    const refused = [
      await ask(`${second.url}/gate/all/hold`, { method: "DELETE" }),
      await ask(`${second.url}/gate/all/lease`, sent("POST", { holder: "ci", ttl: "60s" })),
      await ask(`${second.url}/gate/all/lease/x`, sent("PUT", { ttl: "60s" })),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [503, "HOLD_NOT_RELEASED"],
      [503, "LEASE_NOT_STORED"],
      [503, "LEASE_NOT_STORED"],
    ]);
    expect(password).not.toBe("");
    const told = [unread, ...refused.map(({ text }) => text), second.stdout()];
    expect(JSON.stringify(told)).not.toContain(password);
  } finally {
    await postgres.proxy.setMode("none");
  }
  expect(await firstKnown(second)).toMatchObject({ verdict: "wait", hold: { reason: "migrating" } });
  expect((await ask(`${second.url}/gate/all/hold`, { method: "DELETE" })).status).toBe(204);
  await eventually(() => isGo(second), { deadlineMs: 10_000 });
});

test("a hold that the store does not take is in force, and the answer says that it is not durable", async () => {
  const server = await spawnReady({ env: { ...base, ...stores.postgres } }, "pass");
  await eventually(() => isGo(server), { deadlineMs: 10_000 });
  await postgres.proxy.setMode("blackhole");
  const hold = sent("POST", { reason: "migrating", until: "1h" });
  try {
    const placed = await ask(`${server.url}/gate/all/hold`, hold);
    expect([placed.status, placed.body]).toMatchObject([
      503,
      { code: "HOLD_NOT_STORED", durable: false, hold: { suite: "all", reason: "migrating" } },
    ]);
    expect((await gateOf(server)).reasons.map(({ code }) => code)).toContain("HELD");
  } finally {
    await postgres.proxy.setMode("none");
  }
  const again = await found(
    async () => {
      const answer = await ask(`${server.url}/gate/all/hold`, hold);
      return answer.status === 200 && answer;
    },
    { deadlineMs: 20_000, intervalMs: 200 },
  );
  expect(bodyOf(again)).toMatchObject({ durable: true });
  expect((await ask(`${server.url}/gate/all/hold`, { method: "DELETE" })).status).toBe(204);
});

test("with a store that is frozen it is told to stop and ends in order", async () => {
  const server = await spawnReady({ env: { ...base, ...stores.postgres } }, "pass");
  await eventually(() => isGo(server), { deadlineMs: 10_000 });
  await postgres.proxy.setMode("blackhole");
  try {
    const hold = sent("POST", { reason: "migrating", until: "1h" });
    const placing = ask(`${server.url}/gate/all/hold`, hold);
    await eventually(async () => (await gateOf(server)).reasons.some(({ code }) => code === "HELD"));
    server.child.kill("SIGTERM");
    expect((await placing).body.code).toBe("HOLD_NOT_STORED");
    expect((await server.ended()).end, server.stdout()).toBe(0);
  } finally {
    await postgres.proxy.setMode("none");
  }
});

test("without a named store a hold says that it is not durable", async () => {
  const server = await spawnReady({ env: base }, "pass");
  const hold = sent("POST", { reason: "migrating", until: "1h" });
  expect(bodyOf(await ask(`${server.url}/gate/all/hold`, hold))).toMatchObject({ durable: false });
});
