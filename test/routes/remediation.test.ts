import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../services/clock.ts";
import type { Json } from "../../services/remediation/action.ts";
import type { JournalStore } from "../../services/remediation/journal.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import { composeRemediation } from "../../src/remediation/open-remediation.ts";
import { openSqliteJournal } from "../../src/store/sqlite-journal.ts";
import { tokenAccess, tokenRule } from "../service/access.ts";
import { configFor, startApplication, useApplication } from "../service/application.ts";
import { openEvents } from "../service/event-stream.ts";
import { useDependency } from "../support/environment.ts";
import { plan as makePlan, step } from "../support/remediation/plan.ts";
import { type Memory, setAction } from "../support/remediation/scripted.ts";
import { eventually } from "../support/wait.ts";

const CANARY = "canary-91be02";
const redis = await useDependency("redis");
const env = { REDIS_URL: redis.url(), GREENLIGHT_ENVIRONMENT: "staging", APP_TOKEN: CANARY };
const folder = mkdtempSync(join(tmpdir(), "greenlight-remediation-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memory: Memory = new Map();
let hold: Promise<void> = Promise.resolve();
const action = setAction(memory);
const config = await configFor(env);
const store = await openSqliteJournal(join(folder, "greenlight.db"));
const compose = (journal: JournalStore) =>
  composeRemediation({
    config,
    clock: systemClock,
    store: journal,
    capabilities: { clock: systemClock },
    verify: async () => ({ kind: "held", evidence: "seen" }),
    actions: [
      {
        ...action,
        async apply(...args: Parameters<typeof action.apply>) {
          await hold;
          return action.apply(...args);
        },
      },
    ] as never,
    secrets: [CANARY],
  });
const open = async () => compose(store);
const openAt = (path: string) => async () => compose(await openSqliteJournal(path));

const tokens = { reader: "r".repeat(43), operator: "o".repeat(43) };
const access = tokenAccess({
  rules: [tokenRule("grace", tokens.reader), tokenRule("ada", tokens.operator, "operator")],
});
const { url } = await useApplication({ env, access, remediation: { open } });

async function ask(
  path: string,
  { as = "operator", body, base = url }: { as?: keyof typeof tokens; body?: unknown; base?: string } = {},
) {
  const response = await fetch(`${base}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${tokens[as]}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, never> };
}

async function keep(given: Plan): Promise<{ plan: string; digest: string }> {
  const digest = planDigest(given);
  await store.savePlan(given.id, given as unknown as Json, digest);
  return { plan: given.id, digest };
}

const set = (key: string, value = "on", more = {}) =>
  step(key, { kind: "set", params: { key, value } }, more);
const outcomeOf = async (runId: string) => (await ask(`/remediation/runs/${runId}`)).body["outcome"];
const ended = (runId: string) =>
  eventually(async () => (await outcomeOf(runId)) !== null, { deadlineMs: 10_000 });

beforeEach(() => {
  memory.clear();
  hold = Promise.resolve();
});

describe("/remediation", () => {
  test("applies what an operator confirmed, tells it on /events, and rolls it back", async () => {
    const asked = await keep(makePlan([set("a"), set("b")], { id: "two" }));
    const events = await openEvents(`${url}/events`, { authorization: `Bearer ${tokens.reader}` });
    const started = await ask("/remediation/runs", { body: asked });
    expect(started.status).toBe(202);
    const runId = String(started.body["runId"]);
    await ended(runId);
    expect(Object.fromEntries(memory)).toEqual({ a: "on", b: "on" });
    const shown = await ask(`/remediation/runs/${runId}`, { as: "reader" });
    expect(shown.body).toMatchObject({
      runId,
      plan: "two",
      environment: "staging",
      by: expect.stringContaining("ada") as string,
      outcome: "succeeded",
      steps: [
        { id: "a", result: "done", begun: true },
        { id: "b", result: "done", begun: true },
      ],
    });
    await eventually(() => events.text().includes('"what":"run-ended","result":"succeeded"'), {
      deadlineMs: 5000,
    });
    expect(events.text()).toContain(
      `event: run\ndata: {"runId":"${runId}","what":"run-started","plan":"two"`,
    );
    expect(events.text()).toContain(`{"runId":"${runId}","what":"step-ended","step":"b","result":"done"`);
    events.close();

    const back = await ask(`/remediation/runs/${runId}/rollback`, { body: {} });
    expect(back.status).toBe(202);
    await eventually(async () => (await outcomeOf(runId)) === "rolled-back", { deadlineMs: 10_000 });
    expect(memory.size).toBe(0);
    expect((await ask(`/remediation/runs/${runId}/resume`, { body: {} })).body).toMatchObject({
      code: "RUN_ENDED",
      status: 409,
    });
  });

  test("lists all plans and runs of the store, page by page, whoever made them", async () => {
    const place = join(folder, "shared.db");
    const elsewhere = await openSqliteJournal(place);
    const plans = Array.from({ length: 5 }, (_, index) => makePlan([set("a")], { id: `plan-${index}` }));
    for (const each of plans) await elsewhere.savePlan(each.id, each as unknown as Json, planDigest(each));
    const first = await startApplication({ env, access, remediation: { open: openAt(place) } });
    const runIds: string[] = [];
    try {
      for (const each of plans) {
        const { body } = await ask("/remediation/runs", {
          base: first.url,
          body: { plan: each.id, digest: planDigest(each), dryRun: true },
        });
        runIds.unshift(String(body["runId"]));
      }
    } finally {
      await first.close();
    }
    const { url: second } = await useApplication({ env, access, remediation: { open: openAt(place) } });
    const collect = async (list: "plans" | "runs", id: string): Promise<string[]> => {
      const found: string[] = [];
      let path: string | undefined = `/remediation/${list}?limit=2`;
      while (path !== undefined) {
        const { status, body } = await ask(path, { as: "reader", base: second });
        expect(status).toBe(200);
        found.push(...(body[list] as unknown as Record<string, string>[]).map((each) => String(each[id])));
        path = body["next"];
      }
      return found;
    };
    expect(await collect("plans", "id")).toEqual(plans.map(({ id }) => id).toReversed());
    expect(await collect("runs", "runId")).toEqual(runIds);
    await elsewhere.close();
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=201", "limit"],
    ["before=", "before"],
    ["before=none", "before"],
    ["after=x", "after"],
  ])("a list asked for with ?%s is refused, naming it", async (query, name) => {
    for (const list of ["plans", "runs"])
      expect((await ask(`/remediation/${list}?${query}`)).body).toMatchObject({
        status: 400,
        errors: [{ in: "querystring", name }],
      });
  });

  test("a rollback is shown before it is made, and a run tells whether it goes on", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const asked = await keep(makePlan([set("a")], { id: "shown" }));
    const runId = String((await ask("/remediation/runs", { body: asked })).body["runId"]);
    expect((await ask(`/remediation/runs/${runId}`)).body).toMatchObject({ outcome: null, goesOn: true });
    resolve();
    await ended(runId);
    expect((await ask(`/remediation/runs/${runId}`)).body).toMatchObject({ goesOn: false });
    const preview = await ask(`/remediation/runs/${runId}/rollback`, { body: { dryRun: true } });
    expect(preview).toMatchObject({
      status: 200,
      body: {
        runId,
        dryRun: true,
        steps: [{ id: "a", willUndo: true, because: "it is as the run left it" }],
      },
    });
    expect(memory.get("a")).toBe("on");
    expect((await ask(`/remediation/runs/${runId}/resume`, { body: { dryRun: true } })).status).toBe(400);
    expect((await ask("/remediation/runs/none/rollback", { body: { dryRun: true } })).body).toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });

  test("readers read and may not write", async () => {
    const asked = await keep(makePlan([set("a")], { id: "read" }));
    expect((await ask("/remediation/plans", { as: "reader" })).status).toBe(200);
    expect((await ask("/remediation/runs", { as: "reader" })).status).toBe(200);
    expect((await ask("/remediation/plans/read", { as: "reader" })).body).toMatchObject({
      id: "read",
      digest: asked.digest,
    });
    for (const path of [
      "/remediation/runs",
      "/remediation/runs/x/rollback",
      "/remediation/runs/x/resume",
      "/remediation/plans",
    ])
      expect((await ask(path, { as: "reader", body: asked })).status).toBe(403);
    expect(memory.size).toBe(0);
  });

  test("one run an environment: the second is told who has it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const asked = await keep(makePlan([set("slow")], { id: "slow" }));
    const first = await ask("/remediation/runs", { body: asked });
    expect(first.status).toBe(202);
    const second = await ask("/remediation/runs", { body: asked });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      code: "LOCKED",
      holder: { runId: first.body["runId"], by: expect.stringContaining("ada") as string },
    });
    resolve();
    await ended(String(first.body["runId"]));
  });

  test("a dry run answers with what it found, and changes nothing", async () => {
    const asked = await keep(makePlan([set("a")], { id: "dry" }));
    const { status, body } = await ask("/remediation/runs", { body: { ...asked, dryRun: true } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dryRun: true,
      steps: [{ id: "a", begun: false, assessment: { kind: "needed", change: { symbol: "+" } } }],
    });
    expect(memory.size).toBe(0);
  });

  test.each([
    ["another digest", { digest: "0".repeat(64) }, 409, "DIGEST_MISMATCH"],
    ["no such plan", { plan: "none" }, 404, "PLAN_NOT_FOUND"],
    ["a body with faults", { digest: "short", dryRun: "yes", other: 1 }, 400, "INVALID_REQUEST"],
  ])("refuses %s", async (_, changed, status, code) => {
    const asked = await keep(makePlan([set("a")], { id: "refused" }));
    const answer = await ask("/remediation/runs", { body: { ...asked, ...changed } });
    expect(answer.body).toMatchObject({ status, code });
    expect(memory.size).toBe(0);
  });

  test("refuses another environment, steps that nobody approved, and runs that nobody knows", async () => {
    const elsewhere = await keep(makePlan([set("a")], { id: "elsewhere", environment: "production" }));
    expect(
      (await ask("/remediation/runs", { body: { ...elsewhere, approveEnvironment: "production" } })).body,
    ).toMatchObject({ status: 403, code: "ENVIRONMENT_MISMATCH" });
    const approval = await keep(makePlan([set("a", "on", { approval: true })], { id: "approval" }));
    expect((await ask("/remediation/runs", { body: approval })).body).toMatchObject({
      status: 403,
      code: "NOT_APPROVED",
    });
    expect((await ask("/remediation/runs/none/rollback", { body: {} })).body).toMatchObject({
      status: 404,
      code: "RUN_NOT_FOUND",
    });
    expect(memory.size).toBe(0);
    const approved = await ask("/remediation/runs", { body: { ...approval, approvals: ["a"] } });
    expect(approved.status).toBe(202);
    await ended(String(approved.body["runId"]));
  });

  test("makes no plan where nothing is wrong, and none for what is not known", async () => {
    expect((await ask("/remediation/plans", { body: { suite: "nothing" } })).body).toMatchObject({
      status: 404,
      code: "UNKNOWN_SUITE",
    });
    expect((await ask("/remediation/plans", { body: { suite: "redis" } })).body).toMatchObject({
      status: 409,
      code: "NOTHING_TO_DO",
    });
  });

  test("a secret that an action says is told nowhere", async () => {
    const asked = await keep(makePlan([set("a", CANARY.slice(0, 3))], { id: "canary", title: "A plan" }));
    const leaking = await startApplication({
      env,
      access,
      remediation: {
        open: async () =>
          composeRemediation({
            config,
            clock: systemClock,
            store: await openSqliteJournal(join(folder, "canary.db")),
            capabilities: { clock: systemClock },
            verify: async () => ({ kind: "broken", evidence: `the password is ${CANARY}` }),
            actions: [
              { ...action, apply: async () => ({ kind: "failed", because: `login with ${CANARY} failed` }) },
            ] as never,
            secrets: [CANARY],
          }),
      },
    });
    try {
      const at = async (path: string, body?: unknown) =>
        (
          await fetch(`${leaking.url}${path}`, {
            method: body === undefined ? "GET" : "POST",
            headers: { authorization: `Bearer ${tokens.operator}`, "content-type": "application/json" },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          })
        ).text();
      const events = await openEvents(`${leaking.url}/events`, { authorization: `Bearer ${tokens.reader}` });
      // This service has a store of its own.
      const own = await openSqliteJournal(join(folder, "canary.db"));
      await own.savePlan("canary", makePlan([set("a", "on")], { id: "canary" }) as unknown as Json, "");
      await own.close();
      const digest = planDigest(makePlan([set("a", "on")], { id: "canary" }));
      expect(asked.digest).not.toBe(digest);
      const { runId } = JSON.parse(await at("/remediation/runs", { plan: "canary", digest })) as {
        runId: string;
      };
      await eventually(
        async () => (await at(`/remediation/runs/${runId}`)).includes('"outcome":"rolled-back"'),
        {
          deadlineMs: 10_000,
        },
      );
      const told = `${await at(`/remediation/runs/${runId}`)}${await at("/remediation/runs")}${events.text()}`;
      expect(told).toContain("[redacted]");
      expect(told).not.toContain(CANARY);
      events.close();
    } finally {
      await leaking.close();
    }
  });
});
