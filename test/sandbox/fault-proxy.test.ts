import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { openClient, startEcho } from "../support/sockets.ts";
import { eventually, isPendingAfter } from "../support/wait.ts";

let echo: Awaited<ReturnType<typeof startEcho>>;
let proxy: FaultProxy;

beforeEach(async () => {
  echo = await startEcho();
  proxy = await startFaultProxy({ upstream: { host: "127.0.0.1", port: echo.port } });
});

afterEach(async () => {
  await proxy.close();
  await echo.close();
});

async function echoes(client: Awaited<ReturnType<typeof openClient>>, text: string): Promise<void> {
  const before = client.received().length;
  client.socket.write(text);
  await eventually(() => client.received().subarray(before).toString() === text);
}

test("none: what goes in comes out, and a large answer is whole", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  await echoes(client, "x".repeat(3_000_000));
  expect(proxy.connections()).toBe(1);
  client.socket.end();
  await client.ended;
  await eventually(() => proxy.connections() === 0);
});

test("none: when the upstream ends a connection, the client sees an end", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  for (const socket of echo.sockets) {
    socket.end();
  }
  expect(await client.ended).toBe("end");
});

test("none: when the upstream resets a connection, the client sees a reset", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  for (const socket of echo.sockets) {
    socket.resetAndDestroy();
  }
  expect(await client.ended).toBe("ECONNRESET");
});

test("none: when the client resets, the upstream sees it", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  client.socket.resetAndDestroy();
  await eventually(() => echo.sockets.size === 0);
});

test("refuse: existing connections are reset, new ones refused, and none brings them back", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  await proxy.setMode("refuse");
  expect(await client.ended).toBe("ECONNRESET");
  await expect(openClient(proxy.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await proxy.setMode("none");
  await echoes(await openClient(proxy.port), "again");
});

test("blackhole: old and new connections get silence, and stay dead when the mode ends", async () => {
  const old = await openClient(proxy.port);
  await echoes(old, "hello");
  await proxy.setMode("blackhole");
  const fresh = await openClient(proxy.port);
  old.socket.write("x");
  fresh.socket.write("x");
  expect(await isPendingAfter(Promise.race([old.ended, fresh.ended]), 100)).toBe(true);
  await proxy.setMode("none");
  old.socket.write("x");
  fresh.socket.write("x");
  await sleep(50);
  expect(old.received().toString()).toBe("hello");
  expect(fresh.received().length).toBe(0);
  await echoes(await openClient(proxy.port), "new");
  old.socket.destroy();
  fresh.socket.destroy();
  await eventually(() => proxy.connections() === 1);
});

test("blackhole: the upstream's end does not reach the client", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  await proxy.setMode("blackhole");
  for (const socket of echo.sockets) {
    socket.destroy();
  }
  expect(await isPendingAfter(client.ended, 100)).toBe(true);
});

test("blackhole-established: old connections get silence while new ones work", async () => {
  const old = await openClient(proxy.port);
  await echoes(old, "hello");
  await proxy.setMode("blackhole-established");
  old.socket.write("x");
  await echoes(await openClient(proxy.port), "new");
  expect(old.received().toString()).toBe("hello");
  expect(await isPendingAfter(old.ended, 50)).toBe(true);
});

test("reset: an old connection gets half of its answer, a new one nothing, then both a reset", async () => {
  const old = await openClient(proxy.port);
  await echoes(old, "hello");
  await proxy.setMode("reset");
  old.socket.write("12345678");
  expect(await old.ended).toBe("ECONNRESET");
  expect(old.received().toString()).toBe("hello1234");
  const fresh = await openClient(proxy.port);
  expect(await isPendingAfter(fresh.ended, 50)).toBe(true);
  fresh.socket.write("x");
  expect(await fresh.ended).toBe("ECONNRESET");
});

test("latency: a round trip takes twice the delay, and ending the mode lets the bytes go", async () => {
  await proxy.setMode("latency", { ms: 60 });
  const client = await openClient(proxy.port);
  const start = performance.now();
  await echoes(client, "hello");
  expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  await proxy.setMode("latency", { ms: 10_000 });
  client.socket.write("held");
  await sleep(30);
  await proxy.setMode("none");
  await eventually(() => client.received().toString() === "helloheld", { deadlineMs: 500 });
});

test("drip: answers come byte by byte", async () => {
  await proxy.setMode("drip", { ms: 40 });
  const client = await openClient(proxy.port);
  client.socket.write("ab");
  client.socket.write("cdefgh");
  await sleep(110);
  expect(client.received().length).toBeGreaterThanOrEqual(1);
  expect(client.received().length).toBeLessThanOrEqual(4);
  await proxy.setMode("none");
  await eventually(() => client.received().toString() === "abcdefgh");
});

test("garbage: answers are replaced by bytes that the seed determines", async () => {
  await proxy.setMode("garbage");
  const first = await openClient(proxy.port);
  first.socket.write("12345678");
  await eventually(() => first.received().length === 8);
  expect(first.received().toString()).not.toBe("12345678");
  const second = await openClient(proxy.port);
  second.socket.write("12345678");
  await eventually(() => second.received().length === 8);
  expect(second.received()).toEqual(first.received());
});

test("when the upstream dies, a client that learns of it and tries again at once is refused", async () => {
  const client = await openClient(proxy.port);
  await echoes(client, "hello");
  const { port } = echo;
  await echo.close();
  await client.ended;
  await expect(openClient(proxy.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(proxy.listening).toBe(false);
  echo = await startEcho(port);
  await eventually(() => proxy.listening, { deadlineMs: 500 });
  await echoes(await openClient(proxy.port), "back");
});

test.each(["reset", "blackhole"] as const)(
  "%s: a client that leaves without a word is forgotten",
  async (mode) => {
    await proxy.setMode(mode);
    const client = await openClient(proxy.port);
    await eventually(() => proxy.connections() === 1);
    client.socket.end();
    await eventually(() => proxy.connections() === 0);
  },
);
