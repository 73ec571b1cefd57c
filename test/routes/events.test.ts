import { once } from "node:events";
import { connect, type Server } from "node:net";
import { promisify } from "node:util";
import { fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventsRoutes } from "../../routes/events.ts";
import type { Feed, FeedEvent, StatusEvent } from "../../services/health/feed.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { startApplication, useApplication } from "../service/application.ts";
import { ask, askQuickly } from "../service/ask.ts";
import { openEvents } from "../service/event-stream.ts";
import { found } from "../service/found.ts";

const redis = await useDependency("redis");
const env = { REDIS_URL: redis.url() };
const { url } = await useApplication({ env });

beforeEach(async () => {
  await redis.proxy.setMode("none");
  await eventually(async () => (await askQuickly(`${url}/health`)).status === 200, { deadlineMs: 15_000 });
});

describe("against a real server", () => {
  test("a stream is announced as one, and told how soon to come back", async () => {
    const stream = await openEvents(`${url}/events`);
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    await eventually(() => stream.text().startsWith("retry: 2000\n\n"));
    stream.close();
  });

  test("each change is an event with an id that grows, and a repetition is none", async () => {
    const stream = await openEvents(`${url}/events`);
    await redis.proxy.setMode("refuse");
    await eventually(() => stream.events().some(({ data }) => data.status === "fail"));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const failures = stream.events();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      event: "status",
      data: { dependency: "redis", cause: "CONNECT_REFUSED", breaker: "closed" },
    });
    await redis.proxy.setMode("none");
    await eventually(() => stream.events().at(-1)?.data.status === "pass");
    const ids = stream.events().map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    stream.close();
  });

  test("with Last-Event-ID the events since then are told again, and only those", async () => {
    const first = await openEvents(`${url}/events`);
    for (const [mode, status] of [
      ["refuse", "fail"],
      ["none", "pass"],
    ] as const) {
      await redis.proxy.setMode(mode);
      await eventually(() => first.events().at(-1)?.data.status === status);
    }
    first.close();
    const seen = first.events();
    const again = await openEvents(`${url}/events`, { "last-event-id": String(seen[0]?.id) });
    await eventually(() => again.events().length === seen.length - 1);
    expect(again.events()).toEqual(seen.slice(1));
    again.close();
    const none = await openEvents(`${url}/events`, { "last-event-id": "no number" });
    await eventually(() => none.text() !== "");
    expect(none.events()).toEqual([]);
    none.close();
  });

  test("a reader that comes back to a process that has started anew gets everything since its start", async () => {
    const stream = await openEvents(`${url}/events`, { "last-event-id": "1000000" });
    await eventually(() => stream.events().length > 0);
    expect(stream.events()[0]?.id).toBe(1);
    stream.close();
  });

  test("app.close() ends the open streams", async () => {
    const application = await startApplication({ env });
    const streams = await Promise.all([
      openEvents(`${application.url}/events`),
      openEvents(`${application.url}/events`),
    ]);
    await application.close();
    await Promise.all(streams.map(({ ended }) => ended));
    expect(streams.every(({ response }) => response.complete)).toBe(true);
  });

  test("HEAD is 405: a stream without a body carries nothing", async () => {
    const answer = await ask(`${url}/events`, { method: "HEAD" });
    expect({ status: answer.status, allow: answer.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET",
    });
  });
});

describe("with a feed of the test's own", () => {
  const listeners = new Set<(event: FeedEvent) => void>();
  const feed: Feed = {
    since: () => [],
    tellVerdict: () => undefined,
    tellFindings: () => undefined,
    tellRun: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
  let app: ReturnType<typeof fastify>;
  let base: string;

  beforeEach(async () => {
    app = fastify();
    eventsRoutes(app, { feed, maxStreams: 2, heartbeatMs: 20 });
    base = await app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterEach(async () => {
    await app.close();
    expect(listeners.size, "subscriptions left").toBe(0);
  });

  const tell = (event: Partial<StatusEvent>): void => {
    for (const listener of listeners)
      listener({
        type: "status",
        id: 1,
        at: 0,
        dependency: "redis",
        status: "pass",
        cause: undefined,
        breaker: "closed",
        ...event,
      });
  };

  test("an idle stream is kept open by comments", async () => {
    const stream = await openEvents(`${base}/events`);
    await eventually(() => stream.text().match(/^: .+$/gm)?.length === 3);
    expect(stream.events()).toEqual([]);
    stream.close();
  });

  test("one stream more than allowed is 503 with Retry-After, until another ends", async () => {
    const [first, second] = [await openEvents(`${base}/events`), await openEvents(`${base}/events`)];
    const refused = await ask(`${base}/events`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.body.code).toBe("TOO_MANY_STREAMS");
    first.close();
    const third = await found(async () => {
      const stream = await openEvents(`${base}/events`);
      if (stream.response.statusCode === 200) return stream;
      stream.close();
      return false;
    });
    second.close();
    third.close();
  });

  test("a reader that does not read is dropped, and one that does loses nothing", async () => {
    const slow = connect({ port: Number(new URL(base).port), host: "127.0.0.1" });
    slow.on("error", () => undefined);
    await once(slow, "connect");
    slow.pause();
    slow.write("GET /events HTTP/1.1\r\nhost: x\r\n\r\n");
    const good = await openEvents(`${base}/events`);
    const server: Server = app.server;
    const open = async (): Promise<number> => promisify(server.getConnections.bind(server))();
    await eventually(async () => (await open()) === 2);
    const cause = "x".repeat(8000);
    let told = 0;
    await eventually(
      async () => {
        for (let event = 0; event < 4; event += 1) tell({ id: (told += 1), cause });
        return (await open()) === 1;
      },
      { deadlineMs: 15_000, intervalMs: 1 },
    );
    await eventually(() => good.events().length === told, { deadlineMs: 15_000 });
    expect(good.response.destroyed).toBe(false);
    good.close();
    slow.destroy();
  });
});
