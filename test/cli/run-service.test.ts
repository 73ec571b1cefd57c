import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { type Service, startService } from "../../src/sandbox/service.ts";
import { useEnvironment } from "../support/environment.ts";
import { goBody, serve } from "./guarded-service.ts";
import { pytest, startRun } from "./run-suite.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres")!;
/** What the suite is handed; Greenlight itself is told of nothing but the service where these are not in its own. */
const places = {
  DATABASE_URL: postgres.url(),
  REDIS_URL: environment.dependencies.get("redis")!.url(),
};
const port = await freePort();
const start = (): Promise<Service> =>
  startService({ environment, port, signal: new AbortController().signal });
let service = await start();
afterAll(() => service.process.stop());
const { url } = service;
const quick = ["--url", url, "--suite", "database", "--stable", "300ms", "--timeout", "30s"];
const withPlaces = (command: readonly string[]): string[] => [
  "env",
  ...Object.entries(places).map(([name, value]) => `${name}=${value}`),
  ...command,
];

async function restart(): Promise<void> {
  await service.process.stop();
  service = await start();
}

test("Postgres is killed, and the service saw it: 75, with its incident", async () => {
  onTestFinished(() => postgres.restart());
  const run = startRun(quick, withPlaces(pytest(["test_broken.py"])));
  await run.reached("breaking");
  postgres.server.signal("SIGKILL");
  run.goOn("breaking");
  const { code, record, stderr } = await run.result;
  expect({ code, stderr: code === 75 ? "" : stderr }).toEqual({ code: 75, stderr: "" });
  expect(record).toMatchObject({
    vantage: { kind: "service", url },
    incidents: [{ dependency: "postgres" }],
  });
});

test("the service is killed while the suite runs: its result stays, and that nobody looked is told", async () => {
  onTestFinished(restart);
  const run = startRun(quick, withPlaces(pytest(["test_fit.py", "test_broken.py"])));
  await run.reached("breaking");
  await service.process.stop({ signal: "SIGKILL" });
  // It is asked about once a second.
  await sleep(2500);
  run.goOn("breaking");
  const { code, record } = await run.result;
  expect({ code, passed: record.triage?.counts.passed }).toEqual({ code: 0, passed: 6 });
  expect(record.notes.join("\n")).toContain(url);
});

test("the service is killed, then Postgres: no failure is excused without a witness", async () => {
  onTestFinished(async () => {
    await postgres.restart();
    await restart();
  });
  const run = startRun(quick, withPlaces(pytest(["test_broken.py"])));
  await run.reached("breaking");
  await service.process.stop({ signal: "SIGKILL" });
  postgres.server.signal("SIGKILL");
  run.goOn("breaking");
  const { code, record } = await run.result;
  expect({ code, outcome: record.outcome }).toEqual({ code: 1, outcome: "failed" });
  expect(record.notes.join("\n")).toContain(url);
});

test("with a configuration here, this machine looks on when the service is lost: 75", async () => {
  onTestFinished(async () => {
    await postgres.restart();
    await restart();
  });
  const run = startRun(quick, pytest(["test_broken.py"]), { env: places });
  await run.reached("breaking");
  await service.process.stop({ signal: "SIGKILL" });
  // It is lost after five seconds without an answer.
  await sleep(7000);
  postgres.server.signal("SIGKILL");
  run.goOn("breaking");
  const { code, record, stderr } = await run.result;
  expect({ code, stderr: code === 75 ? "" : stderr }).toEqual({ code: 75, stderr: "" });
  expect(record.vantage).toMatchObject({ kind: "here-since", url });
});

test("--exclusive whose lease is lost ends the suite: 75", async () => {
  const stub = await serve(({ method, url: path }, response) => {
    const [status, answer]: [number, object] =
      method === "POST"
        ? [201, { id: "lease-1", fence: 1, expiresAt: goBody.time }]
        : method === "PUT"
          ? [409, { code: "LEASE_LOST", detail: "another run has it" }]
          : [200, path?.startsWith("/incidents") ? { time: goBody.time, incidents: [] } : goBody];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  const run = startRun(
    ["--url", stub, "--exclusive", "--timeout", "5s"],
    ["sh", "-c", "echo begun; exec sleep 60"],
  );
  const { code, record, stdout } = await run.result;
  expect({ code, stdout, outcome: record.outcome }).toEqual({
    code: 75,
    stdout: "begun\n",
    outcome: "aborted",
  });
  expect(record.summary).toContain("lease");
});
