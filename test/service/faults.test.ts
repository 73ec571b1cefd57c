import { beforeEach, describe, expect, test } from "vitest";
import type { DependencyName } from "../../src/sandbox/dependency.ts";
import type { FaultMode } from "../../src/sandbox/fault-modes.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { QUICK } from "./application.ts";
import { type Answer, ask, askQuickly, checkOf } from "./ask.ts";
import { type EventStream, openEvents } from "./event-stream.ts";
import { type Spawned, spawnReady } from "./spawned.ts";

const CANARY = "c4n4ry-p4ssw0rd-Zq7";
const names = ["postgres", "clickhouse", "redis"] as const;
const environment = await useEnvironment({
  postgres: { password: CANARY },
  clickhouse: { password: CANARY },
  redis: { password: CANARY },
});
const control = (path: string, body?: object): Promise<Answer> =>
  ask(`${environment.control}${path}`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const dependency = (name: DependencyName): NonNullable<ReturnType<typeof environment.dependencies.get>> => {
  const known = environment.dependencies.get(name);
  if (known === undefined) throw new Error(`no ${name}`);
  return known;
};

const env = {
  ...QUICK,
  LOG_LEVEL: "debug",
  DATABASE_URL: dependency("postgres").url(),
  CLICKHOUSE_URL: dependency("clickhouse").url(),
  REDIS_URL: dependency("redis").url(),
};
/** Interval, then login and query deadline of the first try and the second, and room for a busy machine. */
const DETECTION_MS = 250 + 800 + 2 * 400 + 3000;

async function setMode(name: DependencyName, mode: FaultMode, ms?: number): Promise<void> {
  expect((await control(`/faults/${name}`, { mode, ...(ms === undefined ? {} : { ms }) })).status).toBe(200);
}

/** Asks everything once; each answer must come quickly, and none may hold the canary. */
async function poll(server: Spawned): Promise<Answer> {
  const paths = [
    "/health",
    "/health/database",
    ...names.map((name) => `/health/${name}`),
    "/health/live",
    "/health/ready",
  ];
  const answers = await Promise.all(paths.map((path) => askQuickly(`${server.url}${path}`)));
  for (const { text } of answers) expect(text).not.toContain(CANARY);
  expect(answers.at(-2)?.status, "live").toBe(200);
  expect(answers.at(-1)?.status, "ready").toBe(200);
  expect(server.child.exitCode, server.stderr()).toBeNull();
  return answers[0] as Answer;
}

/** Polls until the check of one dependency satisfies `holds`, and gives that answer. */
async function pollUntil(
  server: Spawned,
  holds: (answer: Answer) => boolean,
  deadlineMs = 20_000,
): Promise<Answer> {
  let last: Answer | undefined;
  await eventually(
    async () => {
      last = await poll(server);
      return holds(last) ? true : Promise.reject(new Error(`after ${deadlineMs} ms: ${last.text}`));
    },
    { deadlineMs, intervalMs: 20 },
  );
  return last as Answer;
}

const isWell = ({ status, body }: Answer): boolean => status === 200 && body.status === "pass";

/** Everything the process could show or write, at the end of a test. */
async function expectNoCanary(server: Spawned, stream?: EventStream): Promise<void> {
  const shown = await Promise.all(
    ["/metrics", ...names.map((name) => `/why/${name}`), "/openapi.json"].map((path) =>
      ask(`${server.url}${path}`),
    ),
  );
  const texts = [...shown.map(({ text }) => text), server.stdout(), server.stderr(), stream?.text() ?? ""];
  for (const text of texts) expect(text.includes(CANARY), text.slice(0, 500)).toBe(false);
}

beforeEach(async () => {
  await Promise.all(names.map((name) => setMode(name, "none")));
});

/** The causes that may be told for a fault, as the table of causes defines them. */
type Fault = readonly [
  what: string,
  strike: (name: DependencyName) => Promise<unknown>,
  mend: (name: DependencyName) => Promise<unknown>,
  causes: RegExp,
];
const byMode = (mode: FaultMode, causes: RegExp, ms?: number): Fault => [
  mode,
  (name) => setMode(name, mode, ms),
  (name) => setMode(name, "none"),
  causes,
];
const bySignal =
  (signal: string): ((name: DependencyName) => Promise<unknown>) =>
  (name) =>
    control(`/signal/${name}`, { signal });

const FAULTS: readonly Fault[] = [
  byMode("refuse", /^CONNECT_REFUSED$/),
  byMode("blackhole", /^(LOGIN_TIMEOUT|QUERY_TIMEOUT)$/),
  byMode("reset", /^(CONNECT_RESET|CONNECTION_CLOSED)$/),
  byMode("latency", /^(LOGIN_TIMEOUT|QUERY_TIMEOUT)$/, 3000),
  byMode("drip", /^(LOGIN_TIMEOUT|QUERY_TIMEOUT)$/),
  byMode("garbage", /^(PROTOCOL_MISMATCH|CONNECTION_CLOSED|CONNECT_RESET|LOGIN_TIMEOUT|QUERY_TIMEOUT)$/),
  ["SIGSTOP", bySignal("SIGSTOP"), bySignal("SIGCONT"), /^(LOGIN_TIMEOUT|QUERY_TIMEOUT)$/],
  [
    "SIGKILL and restart",
    bySignal("SIGKILL"),
    (name) => control(`/restart/${name}`),
    /^(CONNECT_REFUSED|CONNECT_RESET|CONNECTION_CLOSED|SHUTTING_DOWN)$/,
  ],
];

describe.each(names)("%s", (name) => {
  test("each fault shows in time with its cause, every answer comes quickly, and the recovery shows by itself", async () => {
    const server = await spawnReady({ env }, "pass");
    const stream = await openEvents(`${server.url}/events`);
    for (const [what, strike, mend, causes] of FAULTS) {
      await pollUntil(server, isWell);
      const from = performance.now();
      await strike(name);
      try {
        const broken = await pollUntil(server, ({ status }) => status === 503);
        expect(performance.now() - from, `${what}: a 200 beyond the detection limit`).toBeLessThan(
          DETECTION_MS,
        );
        expect(broken.body.status).toBe("fail");
        expect(Number(broken.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
        const settled = await pollUntil(server, (answer) => checkOf(answer, name).rungs !== undefined);
        expect(settled.status, `${what}: ${settled.text}`).toBe(503);
        expect(checkOf(settled, name).cause?.code, `${what}: ${settled.text}`).toMatch(causes);
        for (const other of names.filter((each) => each !== name))
          expect(checkOf(settled, other).status, `${what}: ${other}`).toBe("pass");
        for (let time = 0; time < 5; time += 1)
          expect((await poll(server)).status, `${what}: no false 200`).toBe(503);
      } finally {
        await mend(name);
      }
      await pollUntil(server, isWell);
    }
    await eventually(() => stream.events().at(-1)?.data.status === "pass");
    expect(new Set(stream.events().map(({ data }) => data.dependency))).toEqual(new Set([name]));
    expect(stream.events().filter(({ data }) => data.status === "fail").length).toBeGreaterThanOrEqual(
      FAULTS.length,
    );
    stream.close();
    await expectNoCanary(server, stream);
  }, 90_000);

  test("an established connection that falls silent never shows: the dependency is well", async () => {
    const server = await spawnReady({ env }, "pass");
    await setMode(name, "blackhole-established");
    const from = performance.now();
    while (performance.now() - from < 2500) expect((await poll(server)).body.status).toBe("pass");
    await expectNoCanary(server);
  });
});

test("a server that dies while nobody asks is known to be down at the next question", async () => {
  const server = await spawnReady(
    { env: { ...env, GREENLIGHT_PROBE_INTERVAL: "10m", GREENLIGHT_PROBE_MAX_AGE: "30m" } },
    "pass",
  );
  await control("/signal/postgres", { signal: "SIGKILL" });
  try {
    await eventually(() =>
      server.lines().some(({ dependency: of, status }) => of === "postgres" && status === "fail"),
    );
    const answer = await poll(server);
    expect(answer.status).toBe(503);
    expect(checkOf(answer, "postgres").cause?.code).toBe("CONNECT_REFUSED");
  } finally {
    await control("/restart/postgres");
  }
  await pollUntil(server, isWell);
});

test("started while everything is down it says so with each cause, and is well when everything comes", async () => {
  await Promise.all(names.map((name) => setMode(name, "refuse")));
  const server = await spawnReady({ env }, "fail");
  const down = await pollUntil(server, (answer) =>
    names.every((name) => checkOf(answer, name).cause?.code === "CONNECT_REFUSED"),
  );
  expect(down.status).toBe(503);
  expect(down.body.output).toBe(
    "postgres: CONNECT_REFUSED, clickhouse: CONNECT_REFUSED, redis: CONNECT_REFUSED",
  );
  await Promise.all(names.map((name) => setMode(name, "none")));
  await pollUntil(server, isWell);
  await expectNoCanary(server);
});

test("all three down at once, long enough to open the breakers: each keeps its last cause, and all recover", async () => {
  const server = await spawnReady({ env: { ...env, GREENLIGHT_PROBE_BREAKER_FAILURES: "2" } }, "pass");
  const modes = { postgres: "blackhole", clickhouse: "refuse", redis: "reset" } as const;
  await Promise.all(names.map((name) => setMode(name, modes[name])));
  const open = await pollUntil(server, (answer) =>
    names.every((name) => checkOf(answer, name).breaker.state === "open"),
  );
  expect(open.status).toBe(503);
  expect(checkOf(open, "postgres").cause?.code).toMatch(/TIMEOUT$/);
  expect(checkOf(open, "clickhouse").cause?.code).toBe("CONNECT_REFUSED");
  expect(checkOf(open, "redis").cause?.code).toMatch(/^CONNECT_RESET$|^CONNECTION_CLOSED$/);
  for (const name of names)
    expect(checkOf(open, name).breaker).toMatchObject({
      openedAt: expect.any(String),
      nextTryAt: expect.any(String),
    });
  await Promise.all(names.map((name) => setMode(name, "none")));
  const well = await pollUntil(server, isWell);
  for (const name of names) expect(checkOf(well, name).breaker).toEqual({ state: "closed" });
  await expectNoCanary(server);
});

test.each([
  ["postgres", "DATABASE_URL", "AUTH_FAILED"],
  ["clickhouse", "CLICKHOUSE_URL", "AUTH_FAILED"],
  ["redis", "REDIS_URL", "AUTH_FAILED"],
] as const)(
  "a wrong password for %s is named, not retried into the breaker, and shown nowhere",
  async (name, variable, code) => {
    const wrong = `wrong-${CANARY}`;
    const server = await spawnReady(
      { env: { ...env, [variable]: dependency(name).url({ password: wrong }) } },
      "fail",
    );
    const stream = await openEvents(`${server.url}/events`, { "last-event-id": "0" });
    const failing = await pollUntil(server, (answer) => checkOf(answer, name).rungs !== undefined);
    expect(checkOf(failing, name)).toMatchObject({ cause: { code, rung: "authenticate", retryable: false } });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(checkOf(await poll(server), name).breaker).toEqual({ state: "closed" });
    stream.close();
    await expectNoCanary(server, stream);
  },
);
