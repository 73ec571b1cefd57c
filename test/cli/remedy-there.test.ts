import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../services/clock.ts";
import type { Json } from "../../services/remediation/action.ts";
import { findAction } from "../../services/remediation/actions.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import type { Verified } from "../../services/remediation/verifier.ts";
import { composeRemediation } from "../../src/remediation/open-remediation.ts";
import { openSqliteJournal } from "../../src/store/sqlite-journal.ts";
import { tokenAccess, tokenRule } from "../service/access.ts";
import { configFor, useApplication } from "../service/application.ts";
import { plan as makePlan, step } from "../support/remediation/plan.ts";
import { type Memory, setAction } from "../support/remediation/scripted.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const CANARY = "canary-6ac1e8";
const folder = mkdtempSync(join(tmpdir(), "greenlight-there-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const memory: Memory = new Map();
let hold: Promise<void> = Promise.resolve();
let verified: Verified = { kind: "held", evidence: "it was seen" };
const env = { REDIS_URL: "redis://127.0.0.1:1", GREENLIGHT_ENVIRONMENT: "staging" };
const config = await configFor(env);
const store = await openSqliteJournal(join(folder, "greenlight.db"));
/** A kind that plans may ask for, which changes only what is remembered here. */
const breaker = findAction("reset-breaker");
const set = setAction(memory);
type SetParams = Parameters<typeof set.apply>[0];
const keyOf = ({ dependency }: { dependency: string }): SetParams => ({ key: dependency, value: "on" });
const action = {
  ...set,
  kind: "reset-breaker",
  parse: breaker?.parse,
  assess: (params: never, ...rest: [never, never]) => set.assess(keyOf(params), ...rest),
  async apply(params: never, ...rest: [never, never, never]) {
    await hold;
    return set.apply(keyOf(params), ...rest);
  },
  rollback: (params: never, ...rest: [never, never, never]) => set.rollback(keyOf(params), ...rest),
  locate: (params: never, ...rest: [never, never, never]) => set.locate(keyOf(params), ...rest),
  permissions: () => [],
};
const operator = "o".repeat(43);
const reader = "r".repeat(43);
const { url } = await useApplication({
  env,
  access: tokenAccess({
    rules: [tokenRule("grace", reader), tokenRule("ada", operator, "operator")],
  }),
  remediation: {
    open: async () =>
      composeRemediation({
        config,
        clock: systemClock,
        store,
        capabilities: { clock: systemClock },
        verify: async () => verified,
        actions: [action] as never,
        secrets: [CANARY],
      }),
  },
});

const cli = (args: readonly string[], token = operator) =>
  runCli(args, { cwd: folder, env: { GREENLIGHT_TOKEN: token, GREENLIGHT_URL: url } });

const reset = (dependency: string, more = {}) =>
  step(
    dependency,
    { kind: "reset-breaker", params: { dependency } },
    { estimateMs: 1000, verify: [{ kind: "probe", dependency }], ...more },
  );

async function keep(given: Plan): Promise<string> {
  const digest = planDigest(given);
  await store.savePlan(given.id, given as unknown as Json, digest);
  return digest;
}

async function apply(id: string, ...steps: Plan["steps"]) {
  const digest = await keep(makePlan(steps, { id }));
  const { code, stdout, stderr } = await cli(["apply", id, "--confirm", digest, "--json"]);
  return { code, stderr, report: JSON.parse(stdout) as { runId: string; exitCode: number } };
}

beforeEach(() => {
  memory.clear();
  hold = Promise.resolve();
  verified = { kind: "held", evidence: "it was seen" };
});

describe("with a service that has the plans and the runs", () => {
  test("apply shows the plan and the command that confirms it, and changes nothing", async () => {
    const digest = await keep(makePlan([reset("a", { approval: true })], { id: "shown" }));
    const { code, stdout } = await cli(["apply", "shown"], reader);
    expect(code).toBe(77);
    expect(stdout).toMatch(/^NOT CONFIRMED {2}nothing was changed/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      `1. To apply it: greenlight apply shown --confirm ${digest} --approve a --url ${url}`,
    );
    expect(memory.size).toBe(0);
  });

  test("apply has it applied, rollback has it taken back, and both are told as from here", async () => {
    const { code, stderr, report } = await apply("two", reset("a"), reset("b"));
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^Run run-\S+ goes on at http:\S+; Ctrl-C stops following it, and not the run\.\n/,
    );
    expect(stderr).toContain("[2/2] b: applying\n");
    expect(report).toMatchObject({
      command: "apply",
      outcome: "succeeded",
      plan: { id: "two", environment: "staging" },
      steps: [
        { id: "a", result: { kind: "done" }, verified: ["it was seen"] },
        { id: "b", result: { kind: "done" }, verified: ["it was seen"] },
      ],
      nextSteps: [`To take it back: greenlight rollback ${report.runId} --url ${url}`],
    });
    expect(Object.fromEntries(memory)).toEqual({ a: "on", b: "on" });

    const preview = await cli(["rollback", report.runId, "--dry-run"]);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain("would take back, in this order: b, a; nothing was changed");
    expect(memory.size).toBe(2);

    const back = await cli(["rollback", report.runId]);
    expect(back.code).toBe(0);
    expect(back.stdout).toMatch(/^ROLLED BACK {2}/);
    expect(back.stderr).toContain("b: rolling back");
    expect(back.stderr).not.toContain("applying");
    expect(memory.size).toBe(0);

    const again = await cli(["rollback", report.runId, "--json"]);
    expect(again.code).toBe(64);
    expect(JSON.parse(again.stdout)).toMatchObject({
      outcome: "refused",
      code: "RUN_ENDED",
      nextSteps: [`See what became of it: greenlight runs ${report.runId} --url ${url}`],
    });
    const listed = await cli(["runs", "--json"], reader);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      runs: [{ runId: report.runId, planId: "two", outcome: "rolled-back" }],
    });
    const told = await cli(["runs", report.runId], reader);
    expect(told.stdout).toContain("ada (token) began it as apply");
  });

  test("resume finishes what is not in force yet", async () => {
    const { engine } = composeRemediation({
      config,
      clock: systemClock,
      store,
      capabilities: { clock: systemClock },
      verify: async () => verified,
      actions: [action] as never,
    });
    const stop = new AbortController();
    const given = makePlan([reset("a"), reset("b")], { id: "cut" });
    const digest = await keep(given);
    const cut = await engine.apply({
      plan: given,
      digest,
      by: "ann",
      approvals: [],
      dryRun: false,
      signal: stop.signal,
      onEvent: (notice) => {
        if (notice.kind === "journalled" && notice.event.type === "step-ended") stop.abort();
      },
    });
    expect(cut).toMatchObject({ kind: "stopped" });
    const { runId } = cut as { runId: string };
    const blocked = await cli(["apply", "cut", "--confirm", digest]);
    expect(blocked.code).toBe(69);
    expect(blocked.stdout).toContain(`RUN_UNFINISHED: run ${runId} by ann was stopped in the middle`);
    const { code, stdout, stderr } = await cli(["resume", runId]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^DONE {2}/);
    expect(stderr).toContain("The run is taken over to finish it.");
    expect(Object.fromEntries(memory)).toEqual({ a: "on", b: "on" });
  });

  test("a step that does not help is told as taken back", async () => {
    verified = { kind: "broken", evidence: `still fails, says ${CANARY}` };
    const { code, report, stderr } = await apply("broken", reset("a"));
    expect(code).toBe(69);
    expect(report).toMatchObject({ outcome: "rolled-back", steps: [{ result: { kind: "rolled-back" } }] });
    expect(`${stderr}${JSON.stringify(report)}`).not.toContain(CANARY);
    expect(memory.size).toBe(0);
  });

  test("--dry-run tells what each step would find", async () => {
    await keep(makePlan([reset("a"), reset("b")], { id: "dry" }));
    memory.set("b", "on");
    const { code, stdout } = await cli(["apply", "dry", "--dry-run", "--json", "--detailed-exitcode"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      counts: { add: 1 },
      steps: [
        { id: "a", symbol: "+", found: { kind: "needed" } },
        { id: "b", found: { kind: "satisfied" } },
      ],
    });
    expect(Object.fromEntries(memory)).toEqual({ b: "on" });
  });

  test("who may read and not write is refused, with where a token comes from", async () => {
    const { report } = await apply("mine", reset("a"));
    for (const args of [
      ["apply", "mine", "--confirm", await keep(makePlan([reset("a")], { id: "mine" }))],
      ["rollback", report.runId],
      ["resume", report.runId],
    ]) {
      const { code, stdout, stderr } = await cli(args, reader);
      expect({ code, stdout }).toEqual({ code: 77, stdout: "" });
      expect(stderr).toContain("answered 403");
      expect(stderr).not.toContain(reader);
    }
    expect(memory.get("a")).toBe("on");
  });

  test.each([
    ["another digest", ["apply", "mine", "--confirm", "0".repeat(64)], 77, "DIGEST_MISMATCH"],
    ["an unapproved step", ["apply", "approval", "--confirm", "DIGEST"], 77, "NOT_APPROVED"],
    ["another environment", ["apply", "elsewhere", "--confirm", "DIGEST"], 77, "ENVIRONMENT_MISMATCH"],
  ])("%s is refused before anything is touched", async (_what, args, exitCode, code) => {
    const plans = [
      makePlan([reset("z")], { id: "mine" }),
      makePlan([reset("z", { approval: true })], { id: "approval" }),
      makePlan([reset("z")], { id: "elsewhere", environment: "production" }),
    ];
    await Promise.all(plans.map(keep));
    const digest = planDigest(plans.find(({ id }) => id === args[1]) as Plan);
    const ran = await cli(args.map((each) => (each === "DIGEST" ? digest : each)).concat("--json"));
    expect(ran.code).toBe(exitCode);
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: "refused", code, exitCode });
    expect(memory.size).toBe(0);
  });

  test("what it does not have is a usage error that says how to find what it has", async () => {
    const cases = [
      ["apply", "none", "greenlight plan --url"],
      ["rollback", "run-none", "greenlight runs --url"],
      ["resume", "run-none", "greenlight runs --url"],
      ["runs", "run-none", "greenlight runs --url"],
    ];
    for (const [command = "", id = "", hint = ""] of cases) {
      const { code, stderr } = await cli([command, id]);
      expect(code).toBe(64);
      expect(stderr).toContain(hint);
    }
    expect((await cli(["apply", "plan.yaml", "--url", url])).code).toBe(64);
    expect((await cli(["rollback", "run-x", "--url", url, "--config", "x.yaml"])).code).toBe(64);
  });

  test("Ctrl-C stops following, and the run goes on", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const digest = await keep(makePlan([reset("a")], { id: "slow" }));
    const child = spawnCli(["apply", "slow", "--confirm", digest, "--url", url], {
      cwd: folder,
      env: { GREENLIGHT_TOKEN: operator },
    });
    const closed = once(child, "close");
    const stdout = text(child.stdout);
    for await (const chunk of child.stderr.setEncoding("utf8"))
      if (String(chunk).includes("a: applying")) child.kill("SIGINT");
    await closed;
    expect(child.exitCode).toBe(130);
    expect(await stdout).toBe("");
    const [run] = await store.runs({ limit: 1 });
    expect(run).not.toHaveProperty("outcome");
    resolve();
    const finished = await cli(["runs", "--json"]);
    expect(finished.code).toBe(0);
  });
});
