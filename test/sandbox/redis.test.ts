import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "../../src/sandbox/redis.ts";
import { makeCertificates } from "../support/certificates.ts";
import { useDependency } from "../support/environment.ts";
import { isPendingAfter } from "../support/wait.ts";

const redis = await useDependency("redis");

/** Runs a few commands on a connection of their own; rejects with the reason the connection failed for. */
async function using<T>(
  url: string,
  act: (client: Redis) => Promise<T>,
  { ca }: { ca?: string } = {},
): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  let reason: unknown;
  client.on("error", (error) => (reason ??= error));
  try {
    await client.connect();
    return await act(client);
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}

test("the application finds the seeded key, and may not administrate", async () => {
  expect(await using(redis.url(), (client) => client.get("seed:done"))).toBe("1");
  expect(await using(redis.url(), (client) => client.call("ACL", "WHOAMI"))).toBe("app");
  await expect(using(redis.url(), (client) => client.config("GET", "maxclients"))).rejects.toThrow("NOPERM");
  await expect(using(redis.url({ password: "wrong" }), (client) => client.ping())).rejects.toThrow(
    "WRONGPASS",
  );
});

test("SIGSTOP silences it, SIGCONT wakes it", async () => {
  await using(redis.url(), async (client) => {
    redis.server.signal("SIGSTOP");
    const answer = client.ping();
    expect(await isPendingAfter(answer, 100)).toBe(true);
    redis.server.signal("SIGCONT");
    expect(await answer).toBe("PONG");
  });
});

test("after SIGKILL clients are refused, and a restart has it back on the same port", async () => {
  const killed = new Promise<void>((resolve) => redis.server.onExit(resolve));
  redis.server.signal("SIGKILL");
  await killed;
  await expect(using(redis.url(), (client) => client.ping())).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await redis.restart();
  expect(await using(redis.url(), (client) => client.get("seed:done"))).toBe("1");
});

test("a replica refuses writes, and serves TLS when asked", async () => {
  const certificates = await makeCertificates();
  onTestFinished(() => certificates.remove());
  const replica = await startRedis({
    args: ["--replicaof", "127.0.0.1 1", "--maxclients", "40"],
    tls: certificates.valid,
    seed: false,
  });
  onTestFinished(() => replica.close());
  await expect(
    using(replica.url(), (client) => client.set("a", "b"), { ca: certificates.ca.cert }),
  ).rejects.toThrow("READONLY");
  await expect(using(replica.url(), (client) => client.ping())).rejects.toMatchObject({
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  });
});

test("an argument that Redis does not know stops the start, with what Redis said", async () => {
  await expect(startRedis({ args: ["--nonsense", "1"] })).rejects.toMatchObject({
    code: "START_FAILED",
    message: expect.stringContaining("nonsense"),
  });
});
