import { describe, expect, test } from "vitest";
import type { Reading } from "../../../src/dashboard/types.ts";
import { newsOf } from "../../../src/dashboard/news.js";
import { dependencyRows } from "../../../src/dashboard/view-dependencies.js";
import { contextView } from "../../../src/dashboard/view-context.js";
import { findingRows, incidentRows, runRows } from "../../../src/dashboard/view-lists.js";
import { suiteCard } from "../../../src/dashboard/view-suites.js";
import { viewOf } from "../../../src/dashboard/view.js";
import { whyCards } from "../../../src/dashboard/view-why.js";
import { gate, health, part, wellKnown } from "./known.ts";

const reading = (body: unknown, given: Partial<Reading> = {}): Reading => ({
  fresh: true,
  body,
  status: 200,
  ageMs: 0,
  trouble: undefined,
  ...given,
});
const refused = {
  code: "CONNECT_REFUSED",
  title: "Nothing listens on that port",
  remedies: ["Start the server."],
};

const suite = (reason: object, more: object = {}, verdict = "wait") =>
  suiteCard(
    "e2e",
    reading(gate("e2e", verdict, { reasons: [{ effect: "blocks", ...reason }], ...more }), { status: 503 }),
  );

const incidents = (...all: object[]) =>
  reading({ time: "2026-11-22T10:00:00Z", incidents: all }, { ageMs: 5000 });

const chain = (subject: string, statement = "CONNECT_REFUSED: nothing listens", kind = "suite") => ({
  subject: { kind, name: subject },
  dependencies: ["postgres"],
  links: [
    { statement: `${subject} is wait`, evidence: [{ source: "gate", found: "wait" }] },
    { statement, evidence: [] },
  ],
  root: {
    code: "CONNECT_REFUSED",
    title: "Nothing listens",
    owner: "database",
    remedies: ["Start it."],
    actions: [{}],
  },
  ruledOut: [{ code: "INSTANCE_STOPPED", evidence: { source: "db", found: "RUNNABLE" } }],
  missing: [{ what: "peering", because: "403" }],
  notHelpful: [{ remedy: "Grant a role", because: "it is there" }],
  confidence: "certain",
});

const finding = (severity: string, more: object = {}) => ({
  id: severity,
  severity,
  message: "m",
  owner: "suite",
  ...more,
});

const view = (parts: ReturnType<typeof wellKnown>) => viewOf({ parts, now: 0, runs: false });

describe("a suite that is no go", () => {
  test("says its reasons, and the first remedy as the next step", () => {
    expect(suite({ code: "NOT_FIT", message: "postgres fails.", cause: refused })).toMatchObject({
      tone: "wait",
      word: "Wait",
      reasons: ["postgres fails."],
      next: "Start the server.",
    });
  });

  test("that settles shows how much of its window is proven", () => {
    const card = suite({ code: "SETTLING", message: "Fit for 1 s." }, { fit: true, stableForMs: 1500 });
    expect(card).toMatchObject({
      settled: 0.5,
      next: "Nothing: it may start once all has been fit for 3 s.",
    });
  });

  test("of a service that stops shows no window: nobody watches it any more", () => {
    expect(suite({ code: "DRAINING" }, { fit: true, stableForMs: 1500 }).settled).toBeUndefined();
  });

  test("that is held names who holds it, and until when", () => {
    const hold = { reason: "migration", by: "ann", until: "2026-11-22T10:00:00Z" };
    expect(suite({ code: "HELD", message: "Held by ann." }, { hold }).next).toMatch(
      /^Ask ann; it ends by itself at /,
    );
  });

  test("that has no remedy says whether waiting helps", () => {
    expect(suite({ code: "NOT_OBSERVED", curable: true }).next).toBe("Wait: it may recover by itself.");
    expect(suite({ code: "NOT_CONFIGURED", curable: false }, {}, "stop").next).toBe("Somebody has to act.");
  });

  test("keeps notes and waivers apart from what stands in its way", () => {
    const reasons = [{ effect: "notes", message: "redis warns." }];
    expect(suiteCard("e2e", reading(gate("e2e", "go", { reasons, waivers: [{}] })))).toMatchObject({
      tone: "go",
      reasons: [],
      notes: ["redis warns.", "1 finding accepted by a waiver."],
    });
  });
});

describe("dependencies", () => {
  const failing = {
    name: "postgres",
    status: "fail",
    cause: refused,
    observedValue: 52.96,
    observedUnit: "ms",
  };
  const openIncident = { dependency: "postgres", startedAt: "2026-11-22T09:59:00Z" };
  test("that do not pass come first, with cause, time by the service's own clock, and latency", () => {
    const body = health({ name: "redis", status: "pass" }, failing);
    const rows = dependencyRows({
      health: reading(body, { status: 503 }),
      incidents: incidents(openIncident),
    });
    expect(rows.map(({ name }) => name)).toEqual(["postgres", "redis"]);
    expect(rows[0]).toMatchObject({
      word: "fail",
      code: "CONNECT_REFUSED",
      since: "1 min 5 s",
      latency: "53 ms",
    });
    expect(rows[1]).toMatchObject({ word: "pass", since: "" });
  });

  test("that pass again say since when; an incident that contradicts the status says nothing", () => {
    const over = { ...openIncident, endedAt: "2026-11-22T09:59:55Z" };
    const passing = reading(health({ name: "postgres", status: "pass" }));
    expect(dependencyRows({ health: passing, incidents: incidents(over) })[0]?.since).toBe("10 s");
    expect(dependencyRows({ health: passing, incidents: incidents(openIncident) })[0]?.since).toBe("");
  });

  test("found among candidates say which serves, and why the others do not", () => {
    const candidates = [
      { name: "staging", kind: "real", status: "fail", serves: false, cause: { code: "REPORTS_DOWN" } },
      { name: "local", kind: "real", status: "unknown", serves: false, cause: { code: "NOT_EVALUATED" } },
      { name: "mock", kind: "mock", status: "pass", serves: true },
    ];
    const found = { name: "auth", status: "warn", candidates };
    const [row] = dependencyRows({ health: reading(health(found)), incidents: incidents() });
    expect(row).toMatchObject({ tone: "wait", serves: "mock (mock)", others: ["staging: REPORTS_DOWN"] });
    const none = { ...found, candidates: candidates.slice(0, 2) };
    expect(dependencyRows({ health: reading(health(none)), incidents: incidents() })[0]?.serves).toBe("none");
  });

  test("behind an open breaker say when it is tried again", () => {
    const breaker = { state: "open", nextTryAt: "2026-11-22T10:00:35Z" };
    const body = health({ ...failing, breaker } as typeof failing);
    const [row] = dependencyRows({ health: reading(body, { status: 503 }), incidents: incidents() });
    expect(row?.breaker).toBe("Open, next try in 30 s");
  });

  test("one that is stale, or of a status nobody knows, is unknown", () => {
    const odd = [
      { name: "a", status: "pass", stale: true },
      { name: "b", status: "great" },
    ];
    const rows = dependencyRows({ health: reading(health(...odd)), incidents: incidents() });
    expect(rows.map(({ tone }) => tone)).toEqual(["unknown", "unknown"]);
  });
});

describe("why", () => {
  test("one root cause of several suites is told once, and names them", () => {
    const cards = whyCards([{ chains: [chain("database")] }, { chains: [chain("e2e")] }]);
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({
      about: "stands in the way of database and e2e",
      owner: "database",
      confidence: "certain",
      remedies: ["Start it."],
      plan: "greenlight plan database",
      links: [{ statement: "database is wait", evidence: ["gate: wait"] }, {}],
      ruledOut: ["INSTANCE_STOPPED: db: RUNNABLE"],
      missing: ["peering: 403"],
      notHelpful: ["Grant a role: it is there"],
    });
  });

  test("two root causes are two, also under one code", () => {
    expect(whyCards([{ chains: [chain("e2e"), chain("e2e", "another port")] }])).toHaveLength(2);
  });

  test("of a dependency alone says where it is seen", () => {
    expect(whyCards([{ chains: [chain("auth", "x", "dependency")] }])[0]?.about).toBe("seen at auth");
  });

  test("that is no chain at all breaks nothing", () => {
    expect(whyCards([{ chains: [null, 3, { links: "no" }] }, {}, { chains: "x" }])).toHaveLength(1);
  });
});

describe("lists", () => {
  test("findings come by severity, accepted ones last, with place and owner", () => {
    const waiver = { owner: "ann", expires: "2026-12-01", reason: "known" };
    const rows = findingRows({
      findings: [
        finding("error", { id: "waived", waiver }),
        finding("note"),
        finding("error", { place: { kind: "file", file: ".env", line: 3 } }),
        finding("warning", { place: { kind: "variable", name: "BYPASS" } }),
      ],
    });
    expect(rows.map(({ key }) => key)).toEqual(["error", "warning", "note", "waived"]);
    expect(rows.map(({ place }) => place)).toEqual([".env:3", "BYPASS", "", ""]);
    expect(rows.map(({ tone }) => tone)).toEqual(["stop", "wait", "quiet", "quiet"]);
    expect(rows[3]?.waiver).toBe("Accepted by ann until 2026-12-01: known");
  });

  test("incidents come newest first, with how long each lasted or lasts", () => {
    const over = {
      id: "1",
      startedAt: "2026-11-22T09:00:00Z",
      endedAt: "2026-11-22T09:00:30Z",
      status: "fail",
    };
    const open = { id: "2", startedAt: "2026-11-22T09:59:00Z", status: "warn" };
    const rows = incidentRows(reading({ time: "2026-11-22T10:00:00Z", incidents: [over, open] }));
    expect(rows.map(({ key, tone, lasted, open }) => [key, tone, lasted, open])).toEqual([
      ["2", "wait", "1 min", true],
      ["1", "quiet", "30 s", false],
    ]);
  });

  test("runs say what became of them; one without an outcome is no success", () => {
    const rows = runRows({
      runs: [
        { runId: "a", outcome: "succeeded" },
        { runId: "b", outcome: null },
        { runId: "c", outcome: "failed" },
      ],
    });
    expect(rows.map(({ tone }) => tone)).toEqual(["go", "wait", "stop"]);
    expect(rows[1]?.outcome).toBe("under way, or stopped in the middle");
  });

  test("the context tells confidence and contradictions, and nothing before it is known", () => {
    expect(contextView({}).facts).toEqual([]);
    const context = contextView({
      environment: "staging",
      confidence: 0.85,
      decidedBy: "--env",
      indicators: { agree: 7, total: 9 },
      mayWrite: false,
      contradictions: [{ message: "redis points at production." }],
      vetoes: ["redis points at production"],
    });
    expect(context.facts).toContainEqual(["Confidence", "85 %"]);
    expect(context.facts).toContainEqual(["Indicators", "7 of 9 agree"]);
    expect(context.contradictions).toEqual(["redis points at production."]);
  });
});

describe("what is said aloud", () => {
  const before = view(wellKnown());

  test("is the verdict at first, and nothing while all stays as it is", () => {
    expect(newsOf(undefined, before)).toBe("Fit to be tested. All 2 suites may start.");
    expect(newsOf(before, view(wellKnown()))).toBe("");
  });

  test("is what changed", () => {
    const parts = wellKnown().set("/gate/e2e", part(gate("e2e", "stop"), { status: 503 }));
    parts.set(
      "/health",
      part(health({ name: "postgres", status: "fail" }, { name: "redis", status: "pass" }), { status: 503 }),
    );
    expect(newsOf(before, view(parts))).toBe("Not fit for every suite. suite e2e: Stop. postgres: fail");
  });
});
