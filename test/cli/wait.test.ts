import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/views/run-record.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { useEnvironment } from "../support/environment.ts";
import { type RunOptions, runCli, spawnCli } from "./run-cli.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres")!;
const redis = environment.dependencies.get("redis")!;
const env = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url() };
const quick = ["--stable", "300ms", "--timeout", "20s"];

// oxlint-disable-next-line no-control-regex
const ESCAPES = /[\u001B\u009B]/;

const secret = decodeURIComponent(new URL(postgres.url()).password);

async function wait(args: readonly string[], options: RunOptions = { env }) {
  const startedAt = performance.now();
  const ran = await runCli(["wait", ...args], options);
  expect(ran.stdout).not.toMatch(ESCAPES);
  expect(ran.stderr).not.toMatch(ESCAPES);
  for (const text of [ran.stdout, ran.stderr]) expect(text).not.toContain(secret);
  return { ...ran, tookMs: performance.now() - startedAt };
}

const linesOf = (text: string): number => text.split("\n").length;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const ending = (seconds: number): string =>
  `${part({ alg: "none" })}.${part({ exp: Date.now() / 1000 + seconds })}.canary`;

const recordOf = (stdout: string): RunRecord => JSON.parse(stdout) as RunRecord;

test("a fit suite is go once it has held for the window: the verdict first, then the table", async () => {
  const { code, stdout, stderr } = await wait(["--suite", "database", ...quick]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^Go: suite database is fit \(2 dependencies\), after /);
  expect(stdout).toMatch(/^postgres +pass +[\d.]+ ms$/m);
  expect(stderr).toMatch(/^greenlight: database \[0 s of 20s\] waiting, looking from here\n/);
});

test("the window is kept: nothing is go before it is over", async () => {
  const { code, stdout } = await wait(["--stable", "1500ms", "--json"]);
  const { gate } = recordOf(stdout);
  expect(code).toBe(0);
  expect(gate).toMatchObject({ verdict: "go", evaluation: { fit: true, stableMs: 1500 } });
  expect(gate.evaluation.stableForMs).toBeGreaterThanOrEqual(1500);
  expect(gate.waitedMs).toBeGreaterThanOrEqual(1500);
});

test("it starts while Postgres is down, tells why, and is go when Postgres is back", async () => {
  await postgres.setMode("refuse");
  const running = wait([...quick, "--json"]);
  await sleep(1500);
  await postgres.setMode("none");
  const { code, stdout, stderr } = await running;
  expect(code).toBe(0);
  expect(stderr).toMatch(/wait: .*postgres fail \(CONNECT_REFUSED at connect\)/);
  expect(recordOf(stdout)).toMatchObject({
    outcome: "passed",
    vantage: { kind: "here" },
    incidents: [{ dependency: "postgres", required: true, cause: { code: "CONNECT_REFUSED" } }],
  });
});

test("a wrong password is 69 at once, with what to do, and everything else that is known", async () => {
  const url = new URL(postgres.url());
  url.password = "wrong-canary-password";
  const { code, stdout, stderr, tookMs } = await wait([], { env: { ...env, DATABASE_URL: url.href } });
  expect(code).toBe(69);
  expect(tookMs).toBeLessThan(5000);
  expect(stdout).toMatch(/^Stop: suite all is unfit, and waiting will not help: postgres \(AUTH_FAILED\)\./);
  expect(stdout).toMatch(/^redis +pass/m);
  expect(stdout).toMatch(/^Next steps\n {2}1\. postgres: /m);
  expect(`${stdout}${stderr}`).not.toContain("wrong-canary-password");
});

test("what waiting cannot cure is waited for during --grace, and then is 69", async () => {
  const { code, stdout } = await wait(["tcp://does-not-exist.invalid:1", "--grace", "1s", "--json"], {});
  const record = recordOf(stdout);
  // Where there is no resolver at all, nobody can say that the name does not exist.
  const [reason] = record.gate.evaluation.reasons;
  expect(code).toBe(reason?.cause?.code === "DNS_NOT_FOUND" ? 69 : 75);
  expect(record.gate.waitedMs).toBeGreaterThanOrEqual(1000);
});

test("what does not recover in time is 75 with the reason", async () => {
  const closed = `tcp://127.0.0.1:${await freePort()}`;
  const { code, stdout } = await wait([closed, "--timeout", "1s"], {});
  expect(code).toBe(75);
  expect(stdout).toMatch(/^Not fit within 1s: suite all still waits for tcp \(CONNECT_REFUSED\)\./);
});

test("a server that accepts and says nothing cannot hold the wait beyond its deadline", async () => {
  await redis.setMode("blackhole");
  const { code, stdout, tookMs } = await wait(["--timeout", "1500ms"]);
  await redis.setMode("none");
  expect(code).toBe(75);
  expect(stdout).toMatch(/^(Not fit within|Inconclusive: it could not be told within) 1500ms/);
  expect(tookMs).toBeLessThan(8000);
});

test("two that are up only one at a time are never go", async () => {
  const running = wait(["--stable", "1s", "--timeout", "6s"]);
  for (let turn = 0; turn < 18; turn++) {
    const [up, down] = turn % 2 === 0 ? [postgres, redis] : [redis, postgres];
    await down.setMode("refuse");
    await up.setMode("none");
    await sleep(400);
  }
  const { code } = await running;
  await Promise.all([postgres.setMode("none"), redis.setMode("none")]);
  expect(code).toBe(75);
});

test("--invert waits for a failure: 0 when one is proven, 75 while all is fit", async () => {
  const fit = await wait(["--invert", "--timeout", "1s"]);
  expect(fit).toMatchObject({ code: 75 });
  expect(fit.stdout).toMatch(/^Still fit: nothing that suite all requires failed within 1s\./);
  const running = wait(["--invert", "--timeout", "20s"]);
  await redis.setMode("refuse");
  const { code, stdout } = await running;
  await redis.setMode("none");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Unfit, as asked for: suite all fails by redis \(CONNECT_REFUSED\)/);
});

test("--dry-run says what would be checked and decided, and is 0 whatever it finds", async () => {
  const fit = await wait(["--dry-run", "--suite", "database", "--stable", "2s"]);
  expect(fit.code).toBe(0);
  expect(fit.stdout).toMatch(/^Dry run, nothing was started\. Now: go, once all has held for 2s\./);
  expect(fit.stdout).toContain("looking from here: window 2s, grace none, timeout 5m.");
  expect(fit.stdout).toMatch(/It requires postgres \(postgres at 127\.0\.0\.1:\d+, required\), redis \(/);
  const closed = `tcp://127.0.0.1:${await freePort()}`;
  const unfit = await wait(["--dry-run", closed, "--json"], {});
  expect(unfit.code).toBe(0);
  expect(recordOf(unfit.stdout)).toMatchObject({
    outcome: "dry-run",
    exitCode: 0,
    gate: { verdict: "wait", checks: [{ dependency: "tcp", status: "fail", cause: "CONNECT_REFUSED" }] },
  });
});

test("URLs make up the suite all, and two of one kind are told apart", async () => {
  const { code, stdout } = await wait([redis.url(), redis.url(), postgres.url(), ...quick, "--json"], {});
  const { suite, gate } = recordOf(stdout);
  expect({ code, suite }).toEqual({ code: 0, suite: "all" });
  expect(new Set(gate.checks.map(({ dependency }) => dependency)).size).toBe(3);
});

test.each([
  { what: "an unknown option", args: ["--nope"], code: 64, says: "unknown option" },
  { what: "a duration without unit", args: ["--timeout", "5"], code: 64, says: "duration with its unit" },
  { what: "a window that is too long", args: ["--stable", "11m"], code: 64, says: "from 0ms to 10m" },
  { what: "no suite's name", args: ["--suite", ""], code: 64, says: "is empty" },
  { what: "two suites", args: ["--suite", "all", "--category", "database"], code: 64, says: "same option" },
  { what: "an unknown suite", args: ["--suite", "databse"], code: 78, says: "Did you mean database?" },
  { what: "an unknown category", args: ["--category", "nope"], code: 78, says: "Known: database, all." },
  { what: "a lease that nobody keeps", args: ["--exclusive"], code: 64, says: "needs a service" },
  {
    what: "URLs of a suite",
    args: ["tcp://127.0.0.1:1", "--suite", "x"],
    code: 64,
    says: "leave out --suite",
  },
  { what: "URLs and a file", args: ["tcp://127.0.0.1:1", "-c", "x.yaml"], code: 64, says: "not both" },
  { what: "a report of no format", args: ["--report", "junot=x"], code: 64, says: "Did you mean junit?" },
  { what: "a file that is not there", args: ["-c", "nope.yaml"], code: 78, says: "nope.yaml" },
])("$what is $code", async ({ args, code, says }) => {
  const ran = await wait(args);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" });
  expect(ran.stderr).toContain(says);
});

test("a credential that ends before the suite does is 69 before anything is looked at, and is never shown", async () => {
  const closed = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "greenlight-wait-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const suite = "{ requires: [redis], expected: 20m, credentials: [{ variable: E2E_TOKEN }] }";
  writeFileSync(join(folder, "greenlight.yaml"), `suites: { e2e: ${suite} }\n`);
  const inFolder = (token: string, args: readonly string[], url = redis.url()) =>
    wait(["--suite", "e2e", ...args], { cwd: folder, env: { REDIS_URL: url, E2E_TOKEN: token } });
  const soon = await inFolder(ending(60), [], `redis://127.0.0.1:${closed}`);
  expect(soon.code).toBe(69);
  expect(soon.stdout).toMatch(/^Stop: .* E2E_TOKEN expires in \d+s, and the suite is expected to take 20m\./);
  expect(`${soon.stdout}${soon.stderr}`).not.toContain("canary");
  const dry = await inFolder("", ["--dry-run"]);
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toMatch(/it would end at once with 69: The suite's credential E2E_TOKEN is not set/);
  expect(await inFolder(ending(3600), quick)).toMatchObject({ code: 0 });
});

test("nothing configured is 78, with what to do", async () => {
  const { code, stderr } = await wait([], {});
  expect(code).toBe(78);
  expect(stderr).toContain("greenlight wait postgres://");
});

test.each([
  { signal: "SIGINT", expected: 130 },
  { signal: "SIGTERM", expected: 143 },
] as const)("$signal ends the wait with $expected", async ({ signal, expected }) => {
  const child = spawnCli(["wait", `tcp://127.0.0.1:${await freePort()}`]);
  await once(child.stderr, "data");
  const ended = once(child, "close");
  child.kill(signal);
  expect(await ended).toEqual([expected, null]);
});

test("--verbose tells every look, and without it only what changed is told", async () => {
  const closed = `tcp://127.0.0.1:${await freePort()}`;
  const [terse, verbose] = await Promise.all([
    wait([closed, "--timeout", "3500ms"], {}),
    wait([closed, "--timeout", "3500ms", "--verbose"], {}),
  ]);
  expect(linesOf(verbose.stderr)).toBeGreaterThan(linesOf(terse.stderr));
  expect(linesOf(terse.stderr)).toBeLessThan(5);
});

test("a wait that ended well leaves its compiled code beside the packages; the next is run with it, and says the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-compiled-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const compiled = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.cjs\.\w+$/.test(name));
  const options = { env: { ...env, NODE_COMPILE_CACHE: folder } };
  const verdict = async (): Promise<unknown> => {
    const { code, stdout, stderr } = await wait(["--stable", "0s"], options);
    return { code, said: stdout.split(",")[0], warned: stderr.includes("Warning") };
  };
  for (const little of ["--help", "--dry-run"]) expect((await wait([little], options)).code).toBe(0);
  expect(compiled()).toEqual([]);
  const first = await verdict();
  expect(first).toEqual({ code: 0, said: "Go: suite all is fit (2 dependencies)", warned: false });
  expect(compiled()).toEqual([expect.stringMatching(/gate-program-\w+\.cjs\.wait$/)]);
  expect(await verdict()).toEqual(first);
});
