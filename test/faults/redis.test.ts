import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import { startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { startRedis } from "../../src/sandbox/redis.ts";
import type { SandboxServer } from "../../src/sandbox/server.ts";
import { dependencyFor, diagnose, expectCause, type Given } from "../support/diagnose.ts";
import { startTcp } from "../support/listeners.ts";
import { useDependency } from "../support/environment.ts";
import { eventually, isPendingAfter } from "../support/wait.ts";

const { server, proxy, url } = await useDependency("redis", { redis: { password: "canary-rd-4b9e" } });

function adminOf(of: SandboxServer): Redis {
  const client = new Redis(of.adminUrl(), { retryStrategy: () => 20 });
  client.on("error", () => undefined);
  return client;
}
const admin = adminOf(server);
afterAll(() => admin.disconnect());

/** Both the ladder and one observation name `code`. */
const seen = async (code: CauseCode, given: Partial<Given<"redis">> = {}): Promise<string> => {
  const diagnosis = await diagnose("redis", { url: url(), ...given });
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(code);
  return diagnosis.ladder.cause?.message ?? "";
};
const healthy = async (given: Partial<Given<"redis">> = {}): Promise<void> => {
  const { ladder, observed } = await diagnose("redis", { url: url(), ...given });
  expect(ladder.cause).toBeUndefined();
  expect(ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  expect(observed).toBeUndefined();
};

const { signal: never } = new AbortController();
const queryOf = (connection: { query(signal: AbortSignal): Promise<unknown> }): Promise<unknown> =>
  withDeadline({ ms: 300, waitedFor: "the query", signal: never }, (inner) => connection.query(inner)).catch(
    (reason: unknown) => reason,
  );

/** The URL of a new user with these rights. */
async function as(name: string, ...rules: string[]): Promise<Partial<Given<"redis">>> {
  await admin.call("ACL", "SETUSER", name, "reset", "on", ">canary-acl-61", ...rules);
  return { url: url({ user: name, password: "canary-acl-61" }) };
}

const startNode = async (): Promise<{ node: SandboxServer; client: Redis }> => {
  const args = [
    "--cluster-enabled",
    "yes",
    "--cluster-node-timeout",
    "2000",
    "--cluster-port",
    String(await freePort()),
  ];
  const node = await startRedis({ password: "canary-rd-4b9e", seed: false, args });
  onTestFinished(() => node.close());
  const client = adminOf(node);
  onTestFinished(() => client.disconnect());
  return { node, client };
};

afterEach(() => proxy.setMode("none"));

describe("a healthy Redis", () => {
  test("passes all rungs, with its expectations", async () => {
    await healthy({ key: { name: "seed:done" } });
    await healthy({ key: { name: "seed:done", equals: "1" } });
    await healthy({ url: url({ database: "3" }) });
    await healthy({ url: url().replace(/\/0$/, "") });
  });

  test("passes as the user default, whose name the URL may leave out", async () => {
    await healthy({ url: server.adminUrl().replace("default:", ":") });
  });
});

describe("the network", () => {
  test("a refused port is CONNECT_REFUSED", async () => {
    await proxy.setMode("refuse");
    await seen("CONNECT_REFUSED");
  });

  test("silence after the connection was accepted is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("blackhole");
    await seen("LOGIN_TIMEOUT");
  });

  test("one byte per second is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("drip");
    await seen("LOGIN_TIMEOUT");
  });

  test("a reset after the first bytes is CONNECT_RESET", async () => {
    await proxy.setMode("reset");
    await seen("CONNECT_RESET");
  });

  test("garbage is PROTOCOL_MISMATCH, whatever its bytes are, and the process lives", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const mad = await startFaultProxy({ upstream: server, seed });
      onTestFinished(() => mad.close());
      await mad.setMode("garbage");
      await seen("PROTOCOL_MISMATCH", { url: url({ port: mad.port }) });
    }
  });

  test("garbage in the middle of a session ends the connection and nothing else", async () => {
    const dependency = await dependencyFor("redis", { url: url() });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    await proxy.setMode("garbage");
    expect(["PROTOCOL_MISMATCH", "CONNECTION_CLOSED", "QUERY_TIMEOUT"]).toContain(
      dependency.classify(await queryOf(connection), "query").code,
    );
  });
});

describe("the login", () => {
  test("a wrong password is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ password: "canary-wrong-1c9e" }) });
  });

  test("an unknown user is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ user: "nobody-here" }) });
  });

  test("no password is PASSWORD_MISSING, with a user and without", async () => {
    await seen("PASSWORD_MISSING", { url: url().replace("app:canary-rd-4b9e@", "") });
    await seen("PASSWORD_MISSING", { url: url().replace(":canary-rd-4b9e@", "@") });
  });

  test("a server without passwords passes, with a password in the URL and without", async () => {
    const open = await startRedis({ adminPassword: "canary-unused-9d" });
    onTestFinished(() => open.close());
    const client = adminOf(open);
    await client.call("ACL", "SETUSER", "default", "nopass");
    client.disconnect();
    await healthy({ url: open.adminUrl() });
    await healthy({ url: open.adminUrl().replace("default:canary-unused-9d@", "") });
  });

  test("a server that repeats the login does not give the password away, whole or in part", async () => {
    const old = await startRedis({
      seed: false,
      args: ["--rename-command", "HELLO", "", "--rename-command", "AUTH", ""],
    });
    onTestFinished(() => old.close());
    const password = "canary-long-".repeat(20);
    const { text } = await diagnose("redis", { url: old.url({ password }) });
    expect(text).toContain("unknown command");
    expect(text).not.toContain("canary");
  });

  test("a database number out of range is DATABASE_MISSING", async () => {
    await seen("DATABASE_MISSING", { url: url({ database: "99" }) });
    await seen("DATABASE_MISSING", { url: url({ database: "nowhere" }) });
  });
});

describe("rights", () => {
  test("a user without PING is PERMISSION_DENIED at authorize, and the command is named", async () => {
    expect(await seen("PERMISSION_DENIED", await as("noping", "~*", "+@all", "-ping"))).toContain("ping");
  });

  test("a user without SELECT is PERMISSION_DENIED for another database than 0", async () => {
    const given = await as("noselect", "~*", "+@all", "-select");
    await healthy(given);
    await seen("PERMISSION_DENIED", { url: `${given.url?.replace(/\/0$/, "")}/1` });
  });

  test("a user without GET, EXISTS or the key is PERMISSION_DENIED at assert", async () => {
    await seen("PERMISSION_DENIED", {
      ...(await as("noget", "~*", "+@all", "-get")),
      key: { name: "seed:done", equals: "1" },
    });
    await seen("PERMISSION_DENIED", {
      ...(await as("noexists", "~*", "+@all", "-exists")),
      key: { name: "seed:done" },
    });
    await seen("PERMISSION_DENIED", {
      ...(await as("nokey", "~other:*", "+@all")),
      key: { name: "seed:done" },
    });
  });

  test("a user without ROLE, CLIENT and HELLO passes", async () => {
    await healthy(await as("norole", "~*", "+@all", "-role"));
    await healthy(await as("noclient", "~*", "+@all", "-role", "-client"));
    await healthy(await as("ponly", "+ping"));
  });
});

describe("the content", () => {
  test("a missing key is KEY_MISSING", async () => {
    expect(await seen("KEY_MISSING", { key: { name: "nothing" } })).toContain("nothing");
    expect(await seen("KEY_MISSING", { key: { name: "nothing", equals: "1" } })).toContain("found no value");
  });

  test("another value is KEY_MISSING and names both", async () => {
    expect(await seen("KEY_MISSING", { key: { name: "seed:done", equals: "2" } })).toContain(
      "expected 2, found 1",
    );
  });

  test("a key in another database is KEY_MISSING", async () => {
    await seen("KEY_MISSING", { url: url({ database: "1" }), key: { name: "seed:done" } });
  });

  test("a key that is no string is KEY_MISSING where a value is expected", async () => {
    await admin.rpush("list", "1");
    onTestFinished(async () => void (await admin.del("list")));
    await seen("KEY_MISSING", { key: { name: "list", equals: "1" } });
    await healthy({ key: { name: "list" } });
  });
});

describe("the server's state", () => {
  test("a slow answer above the limit is the warning SLOW", async () => {
    await proxy.setMode("latency", { ms: 60 });
    expect((await diagnose("redis", { url: url(), warnAboveMs: 50 })).observed).toBe("SLOW");
  });

  test("no free connection is TOO_MANY_CONNECTIONS", async () => {
    await admin.config("SET", "maxclients", 1);
    onTestFinished(async () => void (await admin.config("SET", "maxclients", 1000)));
    for (let round = 0; round < 5; round++)
      await seen("TOO_MANY_CONNECTIONS", { url: server.url({ password: "canary-rd-4b9e" }) });
    await seen("TOO_MANY_CONNECTIONS");
  });

  test("a frozen server is LOGIN_TIMEOUT on a new connection and QUERY_TIMEOUT on an open one", async () => {
    const dependency = await dependencyFor("redis", { url: url() });
    const connection = await dependency.open(never);
    server.signal("SIGSTOP");
    onTestFinished(() => server.signal("SIGCONT"));
    await seen("LOGIN_TIMEOUT");
    expect(dependency.classify(await queryOf(connection), "query").code).toBe("QUERY_TIMEOUT");
  });

  test("a connection to a frozen server is freed as soon as it is destroyed", async () => {
    const dependency = await dependencyFor("redis", { url: url() });
    const connection = await dependency.open(never);
    server.signal("SIGSTOP");
    onTestFinished(() => server.signal("SIGCONT"));
    connection.destroy();
    expect(await isPendingAfter(connection.lost, 200)).toBe(false);
  });

  test("a server that is busy with a script is OVERLOADED", async () => {
    await admin.config("SET", "busy-reply-threshold", 1);
    const endless = admin.duplicate();
    endless.on("error", () => undefined);
    const script = endless.eval("while true do end", 0).catch(() => undefined);
    onTestFinished(async () => {
      await admin.call("SCRIPT", "KILL");
      await script;
      endless.disconnect();
      await admin.config("SET", "busy-reply-threshold", 5000);
    });
    await eventually(() => seen("OVERLOADED"));
  });

  test("a replica is READ_ONLY, unless writing is not needed; one without its primary is REPLICA_LINK_DOWN", async () => {
    await admin.replicaof("127.0.0.1", await freePort());
    onTestFinished(async () => {
      await admin.config("SET", "replica-serve-stale-data", "yes");
      await admin.replicaof("NO", "ONE");
    });
    await seen("READ_ONLY");
    await healthy({ writable: false });
    await admin.config("SET", "replica-serve-stale-data", "no");
    await seen("REPLICA_LINK_DOWN");
    await seen("REPLICA_LINK_DOWN", { writable: false });
  });

  test("a server that cannot save is DISK_FULL", async () => {
    const directory = mkdtempSync(join(tmpdir(), "greenlight-full-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const own = await startRedis({ password: "canary-rd-4b9e", args: ["--enable-protected-configs", "yes"] });
    onTestFinished(() => own.close());
    const client = adminOf(own);
    onTestFinished(() => client.disconnect());
    await client.config("SET", "dir", directory);
    rmSync(directory, { recursive: true });
    await client.config("SET", "save", "3600 1");
    await client.bgsave();
    await eventually(async () =>
      expect(await client.info("persistence")).toContain("rdb_last_bgsave_status:err"),
    );
    await seen("DISK_FULL", { url: own.url() });
    // Otherwise it would refuse to end, too.
    await client.config("SET", "save", "");
  });

  test("a server that is full and evicts nothing answers PING, and is OUT_OF_MEMORY for who writes", async () => {
    const own = await startRedis({ password: "canary-rd-4b9e" });
    onTestFinished(() => own.close());
    const client = adminOf(own);
    onTestFinished(() => client.disconnect());
    await healthy({ url: own.url() });
    await client.config("SET", "maxmemory", "1kb");
    expect(await client.ping()).toBe("PONG");
    await seen("OUT_OF_MEMORY", { url: own.url() });
    await healthy({ url: own.url(), writable: false });
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    await client.config("SET", "maxmemory", "100mb");
    await healthy({ url: own.url() });
  });

  test("a server with too few replicas to take writes is CLUSTER_DOWN", async () => {
    await admin.config("SET", "min-replicas-to-write", 1);
    onTestFinished(async () => void (await admin.config("SET", "min-replicas-to-write", 0)));
    expect(await seen("CLUSTER_DOWN")).toContain("NOREPLICAS");
    await healthy({ writable: false });
  });

  test("whether it takes writes is asked without writing anything, and a user who may not ask is asked once", async () => {
    const dirty = async (): Promise<string> =>
      /rdb_changes_since_last_save:\d+/.exec(await admin.info("persistence"))![0];
    const [keys, changes] = [await admin.dbsize(), await dirty()];
    await healthy();
    expect([await admin.dbsize(), await dirty()]).toEqual([keys, changes]);
    await admin.call("ACL", "LOG", "RESET");
    const given = await as("reads", "~*", "+@read", "+@connection");
    const dependency = await dependencyFor("redis", { url: url(), ...given });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    for (let round = 0; round < 3; round++) await connection.query(never);
    const [entry] = (await admin.call("ACL", "LOG")) as unknown[][];
    expect(entry?.slice(0, 8)).toEqual(
      expect.arrayContaining(["count", 1, "reason", "command", "object", "setrange"]),
    );
  });

  test.each(["ERR Connection refused", "upstream failure", "no upstream host"])(
    "a proxy that answers PING by itself and says '%s' is no pass; one that lacks a command is",
    async (words) => {
      let told = words;
      const fake = await startTcp((socket) => {
        socket.on("data", (bytes) => {
          const commands = bytes
            .toString("latin1")
            .split(/\*\d+\r\n/)
            .slice(1);
          for (const command of commands) {
            const name = command.split("\r\n")[1]?.toUpperCase();
            const answers = {
              PING: "+PONG",
              SETRANGE: `-${told}`,
              HELLO: "-ERR unknown command `HELLO`, with args beginning with: ",
            } as const;
            socket.write(`${answers[name as keyof typeof answers] ?? "+OK"}\r\n`);
          }
        });
      });
      await seen("QUERY_FAILED", { url: `redis://127.0.0.1:${fake.port}` });
      told = "ERR unknown command 'SETRANGE'";
      await healthy({ url: `redis://127.0.0.1:${fake.port}` });
    },
  );

  test("a Sentinel, which keeps no data, is PROTOCOL_MISMATCH", async () => {
    const port = await freePort();
    const file = join(mkdtempSync(join(tmpdir(), "greenlight-sentinel-")), "sentinel.conf");
    onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
    writeFileSync(file, `port ${port}\nbind 127.0.0.1\n`);
    const sentinel = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
    onTestFinished(() => void sentinel.kill("SIGKILL"));
    await eventually(() => seen("PROTOCOL_MISMATCH", { url: `redis://127.0.0.1:${port}` }));
    const { ladder } = await diagnose("redis", { url: `redis://127.0.0.1:${port}` });
    expect(ladder.cause?.message).toContain("Sentinel");
  });

  test("a server that is loading its data is STARTING_UP", async () => {
    const args = [
      "--key-load-delay",
      "1000",
      "--loading-process-events-interval-bytes",
      "1024",
      "--enable-debug-command",
      "yes",
    ];
    const own = await startRedis({ password: "canary-rd-4b9e", args });
    onTestFinished(() => own.close());
    const client = adminOf(own);
    onTestFinished(() => client.disconnect());
    await client.call("DEBUG", "POPULATE", "1200");
    await client.save();
    const restart = own.restart();
    await eventually(() => seen("STARTING_UP", { url: own.url() }));
    await restart;
    await healthy({ url: own.url() });
  });

  test("a killed server is told at once", async () => {
    const own = await startRedis({ password: "canary-rd-4b9e" });
    onTestFinished(() => own.close());
    const dependency = await dependencyFor("redis", { url: own.url() });
    const connection = await dependency.open(never);
    expect(await isPendingAfter(connection.lost, 30)).toBe(true);
    own.signal("SIGKILL");
    const killed = performance.now();
    await connection.lost;
    expect(performance.now() - killed).toBeLessThan(500);
    expect(dependency.classify(await queryOf(connection), "query").code).toBe("CONNECTION_CLOSED");
    await eventually(() => seen("CONNECT_REFUSED", { url: own.url() }));
  });

  test("a connection that the server ended is CONNECTION_CLOSED", async () => {
    const dependency = await dependencyFor("redis", { url: url() });
    const connection = await dependency.open(never);
    await admin.call("CLIENT", "KILL", "USER", "app");
    await connection.lost;
    expect(dependency.classify(await queryOf(connection), "query").code).toBe("CONNECTION_CLOSED");
  });
});

describe("a cluster", () => {
  test("a node whose cluster lacks slots is CLUSTER_DOWN, also where no key is expected", async () => {
    const { node } = await startNode();
    await seen("CLUSTER_DOWN", { url: node.url() });
    await healthy({ url: node.url(), writable: false });
    await seen("CLUSTER_DOWN", { url: node.url(), key: { name: "seed:done" } });
  });

  test("a key that lives on another node is WRONG_NODE", async () => {
    const [one, two] = await Promise.all([startNode(), startNode()]);
    await one.client.config("SET", "cluster-require-full-coverage", "no");
    const port = await two.client.config("GET", "cluster-port");
    await one.client.call("CLUSTER", "MEET", "127.0.0.1", two.node.port, String(port[1]));
    await two.client.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
    await eventually(async () => {
      const message = await seen("WRONG_NODE", {
        url: one.node.url(),
        key: { name: "seed:done", equals: "1" },
      });
      expect(message).toMatch(/^MOVED \d+ 127\.0\.0\.1:/);
    });
  });
});
