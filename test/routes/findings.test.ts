import { beforeEach, describe, expect, test } from "vitest";
import { createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { STRICT } from "../../services/policy/strictness.ts";
import type { FindingSource } from "../../src/findings/source.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { parseExposition, valueOf } from "../services/metrics/parse-exposition.ts";
import { type Application, startApplication, useApplication } from "../service/application.ts";
import { ask } from "../service/ask.ts";
import { openEvents } from "../service/event-stream.ts";

const redis = await useDependency("redis");
const env = { REDIS_URL: redis.url(), GREENLIGHT_ENVIRONMENT: "findings-test" };
const signal = new AbortController().signal;

const bypass = (name: string): Finding =>
  createFinding({ code: "FLAG_BYPASS", subject: name, message: `${name} is set.` });

let findings: readonly Finding[] | Error = [];
const policy: FindingSource = {
  name: "policy",
  collect: () => (findings instanceof Error ? Promise.reject(findings) : Promise.resolve(findings)),
};
const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
const waivers = [
  { finding: "FLAG_BYPASS:SKIP_W", reason: "for now", owner: "qa", expires: tomorrow },
  { finding: "FLAG_BYPASS:SKIP_OLD", reason: "once", owner: "qa", expires: "2020-01-01" },
];
const { url, services } = await useApplication({ env, sources: [policy], waivers });

interface FindingsBody {
  readonly complete: boolean;
  readonly environment: string;
  readonly open: Record<string, number>;
  readonly waived: number;
  readonly sources: readonly { name: string; status: string; collectedAt?: string; findings: number }[];
  readonly findings: readonly { id: string; source: string; waiver?: { owner: string } }[];
  readonly waivers: readonly { finding: string; state: string; daysLeft: number }[];
}

interface GateBody {
  readonly verdict: string;
  readonly strict?: boolean;
  readonly waivers?: readonly { finding: string; owner: string }[];
  readonly reasons: readonly { code: string; effect: string; message: string; finding?: { id: string } }[];
}

const asked = async (path: string, at = url): Promise<unknown> =>
  JSON.parse((await ask(`${at}${path}`)).text);
const findingsNow = async () => (await asked("/findings")) as FindingsBody;
const gateNow = async (query: string, at = url) => (await asked(`/gate/all?${query}`, at)) as GateBody;

test("before anything was looked at, nothing is known, and a strict caller waits", async () => {
  expect(await findingsNow()).toMatchObject({
    complete: false,
    sources: [{ name: "policy", status: "pending", findings: 0 }],
    waivers: [{ state: "unchecked" }, { state: "expired" }],
  });
  const gate = await gateNow("strict=true&stable=0ms");
  expect(gate.verdict).not.toBe("go");
  expect(gate.reasons.map(({ message }) => message)).toContain(
    "The findings of policy have not been collected yet, or not lately.",
  );
});

describe("with what was found", () => {
  beforeEach(async () => {
    findings = [bypass("SKIP_A"), bypass("SKIP_W")];
    await services.findings.registry.collect(signal);
    await eventually(() => services.gate.evaluate("all", { stableMs: 0 }).verdict === "go", {
      deadlineMs: 15_000,
    });
  });

  test("GET /findings has all of it: the worst first, with waivers, counts and when it was collected", async () => {
    const answer = await ask(`${url}/findings`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const body = JSON.parse(answer.text) as FindingsBody;
    expect(body).toMatchObject({
      complete: true,
      environment: "findings-test",
      open: { error: 2, warning: 0, note: 0 },
      waived: 1,
      sources: [{ name: "policy", status: "collected", findings: 2 }],
      waivers: [
        { finding: "FLAG_BYPASS:SKIP_W", state: "active", daysLeft: 1 },
        { finding: "FLAG_BYPASS:SKIP_OLD", state: "expired" },
      ],
    });
    expect(body.findings.map(({ id, source, waiver }) => [id, source, waiver?.owner])).toEqual([
      ["FLAG_BYPASS:SKIP_A", "policy", undefined],
      ["FLAG_BYPASS:SKIP_W", "policy", "qa"],
      ["WAIVER_EXPIRED:FLAG_BYPASS:SKIP_OLD", "waivers", undefined],
    ]);
    expect(body.sources[0]?.collectedAt).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  });

  test("the gate stops whoever asks to be strict, and nobody else; waivers in force are told to both", async () => {
    const strict = await gateNow("strict=true&stable=0ms");
    expect(strict).toMatchObject({ verdict: "stop", strict: true });
    const blocking = strict.reasons.filter(({ effect }) => effect === "blocks");
    expect(blocking.map(({ finding }) => finding?.id)).toEqual([
      "FLAG_BYPASS:SKIP_A",
      "WAIVER_EXPIRED:FLAG_BYPASS:SKIP_OLD",
    ]);
    const usual = await gateNow("stable=0ms");
    expect(usual).toMatchObject({ verdict: "go", waivers: [{ finding: "FLAG_BYPASS:SKIP_W", owner: "qa" }] });
    expect(usual).not.toHaveProperty("strict");
  });

  test("`strict` takes nothing away", async () => {
    const answer = await ask(`${url}/gate/all?strict=false`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("`true`, or nothing");
  });

  test("a change is news, a repetition is none", async () => {
    const stream = await openEvents(`${url}/events`);
    findings = [bypass("SKIP_B"), bypass("SKIP_W")];
    await services.findings.registry.collect(signal);
    await services.findings.registry.collect(signal);
    await eventually(() => stream.findings().length > 0);
    expect(stream.findings().map(({ data }) => data)).toMatchObject([
      {
        appeared: ["FLAG_BYPASS:SKIP_B"],
        gone: ["FLAG_BYPASS:SKIP_A"],
        open: { error: 2, warning: 0, note: 0 },
        complete: true,
      },
    ]);
    stream.close();
  });

  test("the metrics count what is open and how the waivers stand", async () => {
    const { text } = await ask(`${url}/metrics`);
    parseExposition(text);
    expect(valueOf(text, "greenlight_findings", { severity: "error" })).toBe(2);
    expect(valueOf(text, "greenlight_findings_complete", {})).toBe(1);
    expect(valueOf(text, "greenlight_waivers", { state: "active" })).toBe(1);
    expect(valueOf(text, "greenlight_waivers", { state: "expired" })).toBe(1);
  });

  test("what could not be looked at is a finding, and stops whoever is strict", async () => {
    findings = new Error("EACCES: /secret-canary");
    await services.findings.registry.collect(signal);
    const body = await findingsNow();
    expect(body).toMatchObject({ complete: false, sources: [{ status: "failed", findings: 2 }] });
    expect(body.findings.map(({ id }) => id)).toContain("SOURCE_FAILED:policy");
    expect(JSON.stringify(body)).not.toContain("secret-canary");
    expect((await gateNow("strict=true&stable=0ms")).verdict).toBe("stop");
  });
});

test("a strict environment stops everybody until what is found is mended, and lets whoever waits go at once", async () => {
  findings = [bypass("SKIP_A")];
  const application: Application = await startApplication({ env, sources: [policy], strictness: STRICT });
  try {
    await application.services.findings.registry.collect(signal);
    const stopped = await gateNow("stable=0ms", application.url);
    expect(stopped).toMatchObject({ verdict: "stop", strict: true });
    const held = gateNow("wait=20s&stable=0ms&grace=20s", application.url);
    await eventually(() => application.services.gate.waiting("all") === 1);
    findings = [];
    await application.services.findings.registry.collect(signal);
    expect((await held).verdict).toBe("go");
    const settling = gateNow("wait=20s&stable=20s", application.url);
    await eventually(() => application.services.gate.waiting("all") === 1);
    findings = [bypass("SKIP_B")];
    await application.services.findings.registry.collect(signal);
    expect((await settling).verdict).toBe("stop");
  } finally {
    await application.close();
  }
});
