import { afterAll, expect, onTestFinished, test } from "vitest";
import type { CommandContext } from "../../../src/commands/context.ts";
import { createGateClient } from "../../../src/gate/gate-client.ts";
import { createRunLease } from "../../../src/gate/lease.ts";
import { openWatch, type OpenWatchOptions } from "../../../src/gate/open-watch.ts";
import type { FollowOptions, Seen, Watch } from "../../../src/gate/watch.ts";
import { freePort } from "../../../src/sandbox/ports.ts";
import { type Service, startService } from "../../../src/sandbox/service.ts";
import { useEnvironment } from "../../support/environment.ts";
import { eventually } from "../../support/wait.ts";
import { serve } from "../../cli/guarded-service.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres")!;
const redis = environment.dependencies.get("redis")!;
const port = await freePort();
const start = (): Promise<Service> =>
  startService({ environment, port, signal: new AbortController().signal });
let service = await start();
afterAll(() => service.process.stop());
const { url } = service;
const never = new AbortController().signal;

const here = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url() };

async function open(options: OpenWatchOptions, env: CommandContext["env"] = {}): Promise<Watch> {
  const silent = { write: () => undefined };
  const context = { env, cwd: "/", stdout: silent, stderr: silent, signal: never };
  const watch = await openWatch(context, options);
  onTestFinished(() => watch.close());
  return watch;
}

function goOf(watch: Watch): Promise<Seen> {
  const deadlineAt = performance.now() + 20_000;
  const quiet = { onSeen: () => undefined, onNote: () => undefined };
  return watch.waitFor({ ...quiet, deadlineAt, stableMs: 300, signal: never });
}

/** Follows, and keeps what is told. */
function follow(watch: Watch) {
  const told = { seen: [] as Seen[], notes: [] as string[], lost: [] as string[] };
  const listeners: FollowOptions = {
    onSeen: (seen) => told.seen.push(seen),
    onNote: (note) => told.notes.push(note),
    onLeaseLost: (reason) => told.lost.push(reason),
  };
  watch.follow(listeners);
  return told;
}

const isSeen = (told: ReturnType<typeof follow>, fit: boolean) => (): boolean =>
  told.seen.at(-1)?.evaluation.fit === fit;

test.each([
  { what: "from here", options: {}, env: here },
  { what: "by a service", options: { url }, env: {} },
])(
  "$what: an outage while a suite runs is seen, and is an incident by this machine's clock",
  async ({ options, env }) => {
    const watch = await open(options, env);
    expect((await goOf(watch)).evaluation.verdict).toBe("go");
    const told = follow(watch);
    await eventually(isSeen(told, true));
    const from = Date.now();
    await redis.setMode("refuse");
    await eventually(isSeen(told, false));
    await redis.setMode("none");
    await eventually(isSeen(told, true), { deadlineMs: 15_000 });
    const incidents = await watch.incidents(from);
    expect(incidents).toMatchObject([
      { dependency: "redis", required: true, status: "fail", cause: { code: "CONNECT_REFUSED" } },
    ]);
    const [incident] = incidents;
    expect(incident?.startedAt).toBeGreaterThan(from - 1000);
    expect(incident?.endedAt).toBeLessThan(Date.now() + 1000);
    expect(await watch.incidents(Date.now() + 5000)).toEqual([]);
    expect(watch.latest()?.checks.map(({ dependency }) => dependency)).toContain("redis");
  },
);

test("a service that is killed and started again takes no incident with it", async () => {
  const watch = await open({ url });
  await goOf(watch);
  const told = follow(watch);
  const from = Date.now();
  await redis.setMode("refuse");
  await eventually(isSeen(told, false));
  await redis.setMode("none");
  await eventually(isSeen(told, true), { deadlineMs: 15_000 });
  const seenBefore = told.seen.length;
  // The look that came with the recovery has asked for the incidents when the next one is told.
  await eventually(() => told.seen.length > seenBefore + 1);
  await service.process.stop({ signal: "SIGKILL" });
  await eventually(() => told.notes.length > 0);
  service = await start();
  await eventually(() => told.notes.some((note) => note.includes("answers again")), { deadlineMs: 10_000 });
  expect(await watch.incidents(from)).toMatchObject([{ dependency: "redis", status: "fail" }]);
});

test(
  "a service that is lost while the suite runs: this machine looks on, and says so",
  { timeout: 60_000 },
  async () => {
    const watch = await open({ url, suite: "database" }, here);
    await goOf(watch);
    expect(watch.vantage()).toEqual({ kind: "service", url });
    const told = follow(watch);
    const from = Date.now();
    await eventually(isSeen(told, true));
    await service.process.stop({ signal: "SIGKILL" });
    await eventually(() => told.notes.length > 0);
    await postgres.setMode("refuse");
    await eventually(() => watch.vantage().kind === "here-since", { deadlineMs: 20_000 });
    await eventually(isSeen(told, false));
    await postgres.setMode("none");
    await eventually(isSeen(told, true), { deadlineMs: 15_000 });
    expect(told.notes.join("\n")).toContain("is lost: from now on this machine looks itself");
    expect(await watch.incidents(from)).toMatchObject([{ dependency: "postgres", status: "fail" }]);
    expect((await watch.fingerprint()).dependencies).toMatchObject({ postgres: { kind: "postgres" } });
    service = await start();
  },
);

test("a lease that is lost while the suite runs is told, with why", { timeout: 60_000 }, async () => {
  const watch = await open({ url, exclusive: true });
  await goOf(watch);
  const told = follow(watch);
  await service.process.stop({ signal: "SIGKILL" });
  service = await start();
  await eventually(() => told.lost.length > 0, { deadlineMs: 30_000 });
  expect(told.lost).toHaveLength(1);
  expect(told.lost[0]).toMatch(/^The lease on all was lost: /);
});

test("a lease is held by one at a time, and another gets it when it is given up", async () => {
  const context = { env: {}, signal: never, stderr: { write: () => undefined } };
  const client = createGateClient(context, url);
  const lease = (holder: string) => createRunLease({ client, suite: "database", holder, ttlMs: 10_000 });
  const [first, second] = [lease("first"), lease("second")];
  const notes: string[] = [];
  const take = (each: typeof first, ms: number) =>
    each.take({ deadlineAt: performance.now() + ms, signal: never, onNote: (note) => notes.push(note) });
  expect(await take(first, 5000)).toBeUndefined();
  expect(await take(second, 300)).toBe("The suite is leased to first.");
  const id = first.id();
  await first.giveUp();
  expect(first.id()).toBeUndefined();
  expect(await take(second, 5000)).toBeUndefined();
  expect(second.id()).not.toBe(id);
  await second.giveUp();
  expect(notes).toEqual(["The suite is leased to first."]);
});

test("a lease is renewed in time, over a fault of the service too, and is lost when that says so", async () => {
  const renewals: number[] = [];
  let status = 200;
  const base = await serve(({ method }, response) => {
    if (method === "POST") {
      response.writeHead(201).end('{"id":"lease-1"}');
    } else {
      renewals.push(performance.now());
      response.writeHead(renewals.length === 2 ? 500 : status).end('{"detail":"somebody else has it"}');
    }
  });
  const context = { env: {}, signal: never, stderr: { write: () => undefined } };
  const lease = createRunLease({
    client: createGateClient(context, base),
    suite: "all",
    holder: "h",
    ttlMs: 3000,
  });
  onTestFinished(() => lease.giveUp());
  const lost: string[] = [];
  lease.onLost((reason) => lost.push(reason));
  await lease.take({ deadlineAt: performance.now() + 5000, signal: never, onNote: () => undefined });
  await eventually(() => renewals.length > 4, { deadlineMs: 10_000 });
  expect(lease.id()).toBe("lease-1");
  status = 409;
  await eventually(() => lost.length > 0);
  expect(lease.id()).toBeUndefined();
  expect(lost[0]).toContain("answered 409: somebody else has it");
});

test("close ends a wait, whoever looks", async () => {
  for (const options of [{ urls: ["tcp://127.0.0.1:1"] }, { url: `http://127.0.0.1:${await freePort()}` }]) {
    const watch = await open(options);
    const waiting = goOf(watch);
    await Promise.all([expect(waiting).rejects.toThrow("the watch was closed"), watch.close()]);
  }
});
