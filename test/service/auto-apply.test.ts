import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../services/clock.ts";
import type { JournalStore } from "../../services/remediation/journal.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { AutoApplyNews } from "../../services/remediation/auto-applier.ts";
import { createDesk } from "../../services/remediation/desk-create.ts";
import { composeRemediation } from "../../src/remediation/open-remediation.ts";
import { openSqliteJournal } from "../../src/store/sqlite-journal.ts";
import { plan, step } from "../support/remediation/plan.ts";
import { type Memory, setAction } from "../support/remediation/scripted.ts";
import { eventually } from "../support/wait.ts";
import { configFor, startApplication } from "./application.ts";

// Nothing listens there.
const env = { REDIS_URL: "redis://127.0.0.1:9", GREENLIGHT_ENVIRONMENT: "staging" };
const folder = mkdtempSync(join(tmpdir(), "greenlight-auto-apply-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const autoApplyMs = { afterMs: 1, pauseMs: 50 };

async function serviceWith(autoApply: readonly string[]) {
  const news: AutoApplyNews[] = [];
  let opened = 0;
  const application = await startApplication({
    env,
    autoApply,
    remediation: {
      autoApplyMs,
      onAutoApply: (each) => news.push(each),
      async open() {
        opened += 1;
        throw new Error("the store was opened");
      },
    },
  });
  const fails = () => application.services.monitor.checks(["redis"])[0]?.status === "fail";
  return { ...application, news, fails, opened: () => opened };
}

test("while a dependency fails, a service without autoApply opens no store, makes no plan and applies nothing", async () => {
  const service = await serviceWith([]);
  try {
    await eventually(service.fails, { deadlineMs: 5000 });
    // One that may apply by itself meets the same failure at the same time, and does look.
    const listed = await serviceWith(["reset-breaker"]);
    try {
      await eventually(() => listed.opened() > 0, { deadlineMs: 5000 });
    } finally {
      await listed.close();
    }
    expect(service.opened()).toBe(0);
    expect(service.news).toEqual([]);
  } finally {
    await service.close();
  }
});

test("what it applies by itself is a plan and a run like a person's, and bounded in its attempts", async () => {
  const memory: Memory = new Map();
  const config = await configFor(env);
  const store: JournalStore = await openSqliteJournal(join(folder, "greenlight.db"));
  const made = plan([step("a", { kind: "set", params: { key: "a", value: "on" } })], { id: "auto" });
  const desk = createDesk({
    clock: systemClock,
    environment: "staging",
    newId: () => `run-${Math.random()}`,
    detect: async () => ({ environment: "staging", mayWrite: true, vetoes: [] }) as never,
    async makePlan(tools) {
      await tools.store.savePlan(made.id, made as never, planDigest(made));
      return { kind: "made", plan: made, digest: planDigest(made) };
    },
    open: async () =>
      composeRemediation({
        config,
        clock: systemClock,
        store,
        capabilities: { clock: systemClock },
        verify: async () => ({ kind: "broken", evidence: "no better" }),
        actions: [
          setAction(memory, { apply: async () => ({ kind: "failed", because: "it did not help" }) }),
        ] as never,
      }),
  });
  const listed = async () => (await desk.runs({ limit: 10 }))?.entries ?? [];
  try {
    const digest = planDigest(made);
    await desk.makePlan("redis");
    const codes: string[] = [];
    for (let attempt = 0; attempt < config.remediation.attempts + 1; attempt++) {
      const started = await desk.start({
        plan: "auto",
        digest,
        by: "autoApply",
        dryRun: false,
        approvals: [],
      });
      codes.push(started.kind === "refused" ? started.code : started.kind);
      await eventually(async () => (await listed()).every(({ outcome }) => outcome !== undefined), {
        deadlineMs: 10_000,
      });
    }
    expect(codes).toEqual(["started", "started", "started", "ATTEMPTS_EXHAUSTED"]);
    expect(await listed()).toMatchObject(
      Array.from({ length: 3 }, () => ({ by: "autoApply", planId: "auto", outcome: "rolled-back" })),
    );
    expect(memory.size).toBe(0);
  } finally {
    await desk.close();
  }
});
