import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { freePort, onFreePort } from "../../src/sandbox/ports.ts";
import { startRedis } from "../../src/sandbox/redis.ts";

async function listenOn(port: number): Promise<Server> {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test("a server whose port was taken after it was found free is started on another", async () => {
  const taken = await freePort();
  await listenOn(taken);
  const ports = [taken, await freePort()];
  let starts = 0;
  const server = await onFreePort(() => listenOn(ports[starts++] ?? 0));
  expect(server.address()).toMatchObject({ port: ports[1] });
  expect(starts).toBe(2);
});

test("so is one in a process of its own", async () => {
  const taken = await freePort();
  await listenOn(taken);
  let starts = 0;
  const redis = await onFreePort(() => startRedis((starts += 1) === 1 ? { port: taken } : {}));
  onTestFinished(() => redis.close());
  expect([starts, redis.port === taken]).toEqual([2, false]);
});

test("what fails otherwise, or again and again, is told", async () => {
  let starts = 0;
  const failing = (message: string) => () => {
    starts += 1;
    return Promise.reject(new Error(message));
  };
  await expect(onFreePort(failing("no such file"))).rejects.toThrow("no such file");
  expect(starts).toBe(1);
  await expect(onFreePort(failing("listen EADDRINUSE"))).rejects.toThrow("EADDRINUSE");
  expect(starts).toBe(4);
});
