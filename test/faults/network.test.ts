import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { openSocket } from "../../services/net/connect.ts";
import { startClickHouse } from "../../src/sandbox/clickhouse/clickhouse.ts";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { startRedis } from "../../src/sandbox/redis.ts";
import type { SandboxServer } from "../../src/sandbox/server.ts";
import { diagnose, type Diagnosis, expectCause, optionsFor } from "../support/diagnose.ts";
import { runWithOtherFile } from "../support/other-file.ts";

type Kind = "postgres" | "clickhouse" | "redis";
const kinds: readonly Kind[] = ["postgres", "clickhouse", "redis"];
const password = "canary-net-93ab";
const schemes: Record<Kind, string> = { postgres: "postgres", clickhouse: "http", redis: "redis" };

/** A URL for `kind` with any address. */
const urlAt = (kind: Kind, at: string): string =>
  `${schemes[kind]}://app:${password}@${at}/${kind === "redis" ? 0 : "app"}`;

async function breaks(
  kind: Kind,
  url: string,
  code: CauseCode,
  observed: CauseCode = code,
): Promise<Diagnosis> {
  const diagnosis = await diagnose(kind, { url });
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(observed);
  return diagnosis;
}

describe.each(kinds)("the name in the URL of %s", (kind) => {
  const name = "no-such-host.invalid";

  test("is DNS_NOT_FOUND when the resolver says that there is none, DNS_UNAVAILABLE when it says nothing", async () => {
    const said = await lookup(name).then(
      () => "an address",
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    const expected: Partial<Record<string, CauseCode>> = {
      ENOTFOUND: "DNS_NOT_FOUND",
      EAI_AGAIN: "DNS_UNAVAILABLE",
    };
    const code = expected[said ?? ""];
    expect(code, `this machine's resolver answers ${said} to ${name}`).toBeDefined();
    await breaks(kind, urlAt(kind, `${name}:1234`), code as CauseCode);
  });
});

/** Climbs the ladder and observes, in a process of its own, and prints both. */
const childScript = `
  import { createDependency } from "./services/dependencies/create.ts";
  import { climbLadder } from "./services/probe/ladder.ts";
  import { createObserver } from "./services/probe/observer.ts";
  import { systemClock as clock } from "./services/clock.ts";
  const dependency = await createDependency(JSON.parse(process.env.OPTIONS));
  const { signal } = new AbortController();
  const ladder = await climbLadder({ dependency, clock, signal });
  const observer = createObserver({ dependency, clock, onLost() {} });
  const observation = await observer.observe(signal);
  observer.close();
  console.log(JSON.stringify({ ladder, observation }));
  process.exit();
`;

describe("a resolver that cannot be reached", () => {
  test("is DNS_UNAVAILABLE", async (context) => {
    const options = optionsFor("postgres", {
      url: urlAt("postgres", "db.example.com:5432"),
      deadlines: { resolveMs: 2000, connectMs: 2000, queryMs: 2000, totalMs: 5000 },
    });
    // Nobody listens there, so the question is refused at once.
    const content = "nameserver 127.213.7.9\noptions timeout:1 attempts:1\n";
    const given = { file: "/etc/resolv.conf", content, script: childScript, options };
    const stdout = await runWithOtherFile(given, context);
    expect(stdout).not.toContain(password);
    expect(JSON.parse(stdout)).toMatchObject({
      ladder: { cause: { code: "DNS_UNAVAILABLE", rung: "resolve", evidence: "EAI_AGAIN" } },
      observation: { cause: { code: "DNS_UNAVAILABLE" } },
    });
  });
});

describe.each(kinds)("the way to %s", (kind) => {
  test("without a route is CONNECT_UNREACHABLE", async ({ skip }) => {
    if (process.platform !== "linux") {
      console.warn("skipped: only Linux is known to refuse a connection to the broadcast address by itself");
      skip("only Linux is known to refuse a connection to the broadcast address by itself");
    }
    await breaks(kind, urlAt(kind, "255.255.255.255:9"), "CONNECT_UNREACHABLE");
  });

  test("is CONNECTION_CLOSED when the other side hears the client and hangs up", async () => {
    const listener = createServer((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.end());
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    onTestFinished(() => void listener.close());
    await breaks(
      kind,
      urlAt(kind, `127.0.0.1:${(listener.address() as AddressInfo).port}`),
      "CONNECTION_CLOSED",
    );
  });

  test("is CONNECTION_CLOSED or CONNECT_RESET, as the system tells it, when the other side hangs up at once", async () => {
    const listener = createServer((socket) => void socket.on("error", () => undefined).destroy()).listen(
      0,
      "127.0.0.1",
    );
    await once(listener, "listening");
    onTestFinished(() => void listener.close());
    const { ladder, observed } = await diagnose(kind, {
      url: urlAt(kind, `127.0.0.1:${(listener.address() as AddressInfo).port}`),
    });
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(ladder.cause?.code);
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(observed);
  });
});

describe("a Unix socket", () => {
  test("whose path is too long for the system is CONNECT_FAILED with the system's code", async () => {
    const url = `postgres://app:${password}@localhost/app?host=/cloudsql/${"project".repeat(20)}:region:instance`;
    expect((await breaks("postgres", url, "CONNECT_FAILED")).ladder.cause?.evidence).toMatch(/^E[A-Z]+$/);
  });

  test("whose folder is a file is SOCKET_MISSING", async () => {
    await breaks("postgres", `postgres://app:${password}@localhost/app?host=/etc/hosts`, "SOCKET_MISSING");
  });
});

describe("a full queue", () => {
  test("of connections that the server does not accept is CONNECT_TIMEOUT", async () => {
    const own = await startRedis({ password, args: ["--tcp-backlog", "1"] });
    const sockets: Socket[] = [];
    onTestFinished(async () => {
      own.signal("SIGCONT");
      for (const socket of sockets) socket.destroy();
      await own.close();
    });
    own.signal("SIGSTOP");
    const isFull = async (): Promise<boolean> => {
      const socket = connect(own.port, "127.0.0.1").on("error", () => undefined);
      sockets.push(socket);
      const connected = once(socket, "connect").then(() => false);
      return Promise.race([
        connected,
        new Promise<boolean>((resolve) => void setTimeout(resolve, 150, true)),
      ]);
    };
    let tries = 0;
    while (!(await isFull())) expect((tries += 1)).toBeLessThan(20);
    // An observation has one deadline for connection and login; the ladder tells them apart.
    await breaks("redis", own.url(), "CONNECT_TIMEOUT", "LOGIN_TIMEOUT");
    const { signal } = new AbortController();
    const endpoint = { host: "127.0.0.1", port: own.port };
    await expect(openSocket({ endpoint, ms: 100, signal })).rejects.toThrow("the connection attempt");
  });
});

describe("another server than the URL says", async () => {
  const [postgres, clickhouse, redis] = await Promise.all([
    startPostgres({ password }),
    startClickHouse({ password }),
    startRedis({ password }),
  ]);
  const servers: Record<Kind, SandboxServer> = { postgres, clickhouse, redis };
  afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

  // Who is greeted in a strange language says so, hangs up, or waits for the end of the sentence.
  const meetings: [Kind, Kind, CauseCode][] = [
    ["postgres", "clickhouse", "PROTOCOL_MISMATCH"],
    ["redis", "clickhouse", "PROTOCOL_MISMATCH"],
    ["clickhouse", "postgres", "CONNECTION_CLOSED"],
    ["clickhouse", "redis", "CONNECTION_CLOSED"],
    ["postgres", "redis", "LOGIN_TIMEOUT"],
  ];
  test.each(meetings)("a URL of %s at the port of %s is %s", async (kind, other, code) => {
    await breaks(kind, urlAt(kind, `127.0.0.1:${servers[other].port}`), code);
  });

  // Postgres hangs up before it has read everything, so the system may send a reset after its answer.
  test("a URL of redis at the port of postgres is CONNECTION_CLOSED or CONNECT_RESET, as the system tells it", async () => {
    const { ladder, observed } = await diagnose("redis", {
      url: urlAt("redis", `127.0.0.1:${servers.postgres.port}`),
    });
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(ladder.cause?.code);
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(observed);
  });

  test.each(kinds)("%s on 127.0.0.1 asked for at ::1 is ADDRESS_FAMILY_MISMATCH", async (kind) => {
    await breaks(
      kind,
      urlAt(kind, `[::1]:${servers[kind].port}`),
      "ADDRESS_FAMILY_MISMATCH",
      "CONNECT_REFUSED",
    );
  });
});
