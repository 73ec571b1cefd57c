import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { assert, asyncProperty, constantFrom, oneof, string } from "fast-check";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../services/clock.ts";
import { climbLadder } from "../../services/probe/ladder.ts";
import { createObserver } from "../../services/probe/observer.ts";
import { startClickHouse } from "../../src/sandbox/clickhouse/clickhouse.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { startRedis } from "../../src/sandbox/redis.ts";
import type { SandboxServer } from "../../src/sandbox/server.ts";
import { dependencyFor } from "../support/diagnose.ts";

type Kind = "postgres" | "clickhouse" | "redis";
const kinds: readonly Kind[] = ["postgres", "clickhouse", "redis"];

const [postgres, clickhouse, redis] = await Promise.all([startPostgres(), startClickHouse(), startRedis()]);
const servers: Record<Kind, SandboxServer> = { postgres, clickhouse, redis };
afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));
const closedPort = await freePort();

const percent = (bytes: string): string =>
  [...Buffer.from(bytes)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** The ways in which people put a password into a URL. */
const spellings: readonly ((password: string) => string)[] = [
  encodeURIComponent,
  percent,
  asTheUrlClassDoes,
  asTyped,
];

function asTheUrlClassDoes(password: string): string {
  const url = new URL("redis://app@host");
  url.password = password;
  return url.password;
}

/** What a URL cannot hold is encoded, and a percent sign stays alone. */
function asTyped(password: string): string {
  return password.replaceAll(/[^\w!$'"*+.~%:@{}|^-]/gu, (letter) => percent(letter));
}

/** Any Unicode in it, and letters around it that no output holds by itself. */
const passwords = oneof(
  string({ unit: "binary", maxLength: 24 }),
  string({ unit: "grapheme", maxLength: 24 }),
  string({ unit: constantFrom(...Array.from("%@:/\"'\\ \n\t&?#[]+=25$1")), maxLength: 24 }),
).map((inner) => `zqx${inner}xqz`);

async function outputOf(kind: Kind, url: string): Promise<string> {
  const deadlines = { resolveMs: 300, connectMs: 300, queryMs: 200, totalMs: 2000 };
  const dependency = await dependencyFor(kind, { url, deadlines });
  const { signal } = new AbortController();
  const ladder = await climbLadder({ dependency, clock: systemClock, signal });
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
  const observation = await observer.observe(signal);
  observer.close();
  expect(ladder.status).toBe("fail");
  expect(observation.status).toBe("fail");
  return JSON.stringify({ ladder, observation });
}

/** The password that a URL with this spelling means. */
function meant(spelled: string): string {
  try {
    return decodeURIComponent(spelled);
  } catch {
    return spelled;
  }
}

const formsOf = (spelled: string): string[] => {
  const password = meant(spelled);
  const escaped = JSON.stringify(password).slice(1, -1);
  return [
    spelled,
    password,
    encodeURIComponent(password),
    encodeURI(password),
    percent(password),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    Buffer.from(password).toString("base64"),
    Buffer.from(`app:${password}`).toString("base64"),
  ];
};

const noneShown = (kind: Kind, port: number, numRuns: number): Promise<void> =>
  assert(
    asyncProperty(passwords, constantFrom(...spellings), async (password, spell) => {
      const spelled = spell(password);
      const scheme = kind === "clickhouse" ? "http" : kind;
      const url = `${scheme}://app:${spelled}@127.0.0.1:${port}/${kind === "redis" ? 0 : "app"}`;
      const output = await outputOf(kind, url);
      for (const form of [...formsOf(spelled), ...formsOf(new URL(url).password)]) {
        expect(output).not.toContain(form);
      }
      expect(output).not.toMatch(/zqx|xqz/);
    }),
    { numRuns },
  );

describe.each(kinds)("no output about %s holds the password, however it is spelled", (kind) => {
  test("when nobody listens", () => noneShown(kind, closedPort, 60));

  test("when the server rejects the login", () => noneShown(kind, servers[kind].port, 40));

  test("when another server answers", async () => {
    await noneShown(kind, servers[kind === "redis" ? "clickhouse" : "redis"].port, kind === "redis" ? 20 : 4);
  });
});

describe("no output holds the password when it is repeated in the answer", () => {
  test("by a Redis that does not know the command", async () => {
    const args = ["--rename-command", "HELLO", "", "--rename-command", "AUTH", ""];
    const old = await startRedis({ seed: false, args });
    onTestFinished(() => old.close());
    await noneShown("redis", old.port, 60);
  });

  test("by a web server that shows the request", async () => {
    const mirror = createServer((request, response) => {
      const { authorization = "" } = request.headers;
      const login = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
      response
        .writeHead(500)
        .end(
          `${authorization}, ${authorization.slice(6)} is ${login}, ${JSON.stringify({ login })}, ${encodeURIComponent(login)}`,
        );
    }).listen(0, "127.0.0.1");
    await once(mirror, "listening");
    onTestFinished(() => {
      mirror.close();
      mirror.closeAllConnections();
    });
    await noneShown("clickhouse", (mirror.address() as AddressInfo).port, 100);
  });
});
