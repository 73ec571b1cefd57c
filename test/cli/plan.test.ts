import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { parsePlan } from "../../src/remediation/plan-parse.ts";
import type { PlanReport } from "../../src/views/plan-report.ts";
import { runCli } from "./run-cli.ts";

const parsed = await parsePlan(await readFile("examples/plans/database-remediation.yaml", "utf8"));
if (!parsed.ok) throw new Error("the example is no plan");
const { plan } = parsed;

/** A service that gives this answer, and remembers what it was asked. */
async function service(status: number, body: object) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${Buffer.concat(parts).toString()}`);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}` };
}

test("a service makes the plan, and what it answers is shown and checked", async () => {
  const { asked, url } = await service(201, { id: plan.id, digest: planDigest(plan), plan });
  const { code, stdout } = await runCli(["plan", "database", "--url", url, "--json"]);
  expect(code).toBe(0);
  expect(asked).toEqual(['POST /remediation/plans {"suite":"database"}']);
  expect(JSON.parse(stdout) as PlanReport).toMatchObject({ id: plan.id, digest: planDigest(plan) });
});

test("a plan that does not have the digest that the service says is not shown", async () => {
  const { url } = await service(201, { id: plan.id, digest: "0".repeat(64), plan });
  const { code, stdout, stderr } = await runCli(["plan", "database", "--url", url]);
  expect({ code, stdout }).toEqual({ code: 69, stdout: "" });
  expect(stderr).toContain("no plan of this version");
});

test("nothing to do is a good end, and an unknown suite is told with the known ones", async () => {
  const nothing = await service(409, {
    code: "NOTHING_TO_DO",
    title: "Nothing",
    detail: "nothing is wrong with database",
    status: 409,
  });
  const ran = await runCli(["plan", "database", "--url", nothing.url, "--detailed-exitcode"]);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain("nothing is wrong with database");
  const unknown = await service(404, {
    code: "UNKNOWN_SUITE",
    title: "No such suite",
    detail: "…",
    known: ["database", "e2e"],
  });
  const other = await runCli(["plan", "databse", "--url", unknown.url]);
  expect(other.code).toBe(64);
  expect(other.stderr).toContain("Did you mean database?");
});

test("where nothing is configured, or no such suite, it says so and what to do", async () => {
  expect((await runCli(["plan"])).code).toBe(78);
  const folder = await mkdtemp(join(tmpdir(), "greenlight-plan-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { REDIS_URL: "redis://127.0.0.1:1", XDG_STATE_HOME: folder };
  const wrong = await runCli(["plan", "nosuch"], { env });
  expect(wrong.code).toBe(64);
  const both = await runCli(["plan", "--url", "http://127.0.0.1:1", "--config", "x.yaml"]);
  expect(both.code).toBe(64);
  const none = await runCli(["plan", "show", "no-such-plan"], { env });
  expect(none.code).toBe(64);
  expect(none.stderr).toContain("there is no plan");
});

test("a dependency that is refused gets a step for a person, verified with its probe; no password is shown", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-plan-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { REDIS_URL: "redis://:canary-5521@127.0.0.1:1", XDG_STATE_HOME: folder };
  const { code, stdout, stderr } = await runCli(["plan", "redis", "--json"], { env });
  expect(code).toBe(0);
  const { steps, id } = JSON.parse(stdout) as PlanReport;
  expect(steps).toMatchObject([
    {
      action: { kind: "manual" },
      symbol: "!",
      priority: "P0",
      verify: [{ kind: "probe", dependency: "redis" }],
    },
  ]);
  expect(stdout + stderr).not.toContain("canary-5521");
  const human = await runCli(["plan", "show", id ?? ""], { env });
  expect(human.stdout).toContain("1) ");
  expect(human.stdout).not.toContain("canary-5521");
});
