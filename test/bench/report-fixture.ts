import { lintName, pytestName } from "../../bench/parts/lint.ts";
import { runName, waitName, waitOnName } from "../../bench/parts/gate/commands.ts";
import type { FaultOutcome } from "../../bench/fault-outcome.ts";
import type { Figures, Report } from "../../bench/figures.ts";
import { summarise, type Taken } from "../../bench/parts/throughput.ts";
import { openName } from "../../bench/parts/access.ts";
import { databaseMoment, readyMoment } from "../../bench/parts/start.ts";
import { downName } from "../../bench/parts/throughput.ts";
import { evaluateTargets } from "../../bench/targets.ts";

const rates = { greenlight: 120, "bare-fastify": 100, "bare-node-http": 120, [downName]: 114, lightship: 90 };

const taken: readonly Taken[] = Object.entries(rates).flatMap(([name, rate]) =>
  [32, 256].flatMap((connections) =>
    [0, 1, 2].map((round) => ({
      name,
      round,
      connections,
      slice: {
        requests: rate * 1000,
        seconds: 1,
        requestsPerSecond: rate * 1000,
        p50Ms: 0.3,
        p99Ms: 1.5,
        bad: name === downName ? rate * 1000 : 0,
        socketErrors: 0,
        cpuUsPerRequest: 1000 / rate,
        foreign: 0,
      },
    })),
  ),
);

const good: FaultOutcome = {
  polls: 400,
  shownMs: 60,
  falseOk: 0,
  slowestMs: 9,
  p99Ms: 3,
  unanswered: 0,
  recoveryMs: 300,
  falseAlarms: 0,
  exited: false,
};
const hung: FaultOutcome = { ...good, shownMs: null, unanswered: 30, recoveryMs: null };
const blind: FaultOutcome = { ...good, shownMs: null, falseOk: 40, recoveryMs: 0 };
const gone: FaultOutcome = { ...good, exited: true, recoveryMs: null };
const one = (median: number) => ({ median, p25: median, p75: median, n: 3 });
const counts = { postgres: 1, clickhouse: 1, redis: 1 };

/** Figures in which every target is met. */
export const figures: Figures = {
  throughput: [32, 256].flatMap((connections) =>
    Object.keys(rates).map((name) => summarise(name, connections, taken)),
  ),
  latency: (["full", "half"] as const).flatMap((load) =>
    [32, 256].flatMap((connections) =>
      ["greenlight", downName, "bare-fastify", "node-http-constant"].map((name) => ({
        name,
        load,
        connections,
        slices: 12,
        requestsPerSecond: 30_000,
        p50Ms: 0.4,
        p99Ms: name === "bare-fastify" ? 6 : 1.9,
        worstP99Ms: 2.4,
      })),
    ),
  ),
  access: [openName, "mode token, a static token"].flatMap((name) =>
    [32, 256].map((connections) => ({
      name,
      connections,
      requestsPerSecond: 57_000,
      toNone: one(name === openName ? 1 : 0.95),
      cpuToNone: one(1.05),
      bad: 0,
    })),
  ),
  discovery: { firstMs: 480, polls: 500, slowestMs: 7, p99Ms: 3, notOk: 0 },
  remediation: { steps: 40, planMs: one(20), appendMs: one(0.5), whyMs: one(2) },
  context: { withoutMs: one(120), withMs: one(122), ratio: one(1.02), addedMs: one(2), insideMs: one(1.5) },
  lint: {
    files: 10_000,
    lines: 2_000_000,
    tests: 160_000,
    times: [
      { name: lintName, does: "all", ms: one(20_000), toPytest: one(0.2), peakMiB: 420 },
      { name: pytestName, does: "imports", ms: one(100_000), toPytest: one(1), peakMiB: 900 },
    ],
  },
  gate: {
    commands: [
      { name: waitOnName, does: "three ports", ms: one(400), toWaitOn: one(1), overNode: one(360) },
      { name: waitName, does: "three servers", ms: one(280), toWaitOn: one(0.7), overNode: one(240) },
      { name: runName, does: "nothing", ms: one(180), toWaitOn: one(0.45), overNode: one(140) },
    ],
    held: { count: 10_000, kibEach: 9.1, firstMs: 4, medianMs: 90, lastMs: 210, lost: 0 },
    join: { tests: 100_000, failures: 1000, bytes: 9e6, ms: one(1200), peakMiB: one(140) },
  },
  observations: {
    own: [
      {
        at: "full load",
        seconds: 20,
        requests: 2_000_000,
        perInterval: counts,
        mostSessions: { ...counts, activeInPostgres: 1 },
      },
    ],
    peers: [{ name: "lightship", requests: 90_000, perRequest: counts, perSecond: counts }],
  },
  faults: [
    {
      id: "A",
      title: "Postgres frozen",
      truth: "503",
      shownWithinMs: 2000,
      servers: [
        { name: "greenlight", outcome: { ...good, shownMs: 1500 } },
        { name: "bare-node-http", outcome: blind },
        { name: "nest-terminus", outcome: hung },
        { name: "lightship", outcome: blind },
      ],
    },
    {
      id: "C",
      title: "Postgres restarted",
      truth: "503",
      shownWithinMs: 100,
      servers: [
        { name: "greenlight", outcome: good },
        { name: "bare-node-http", outcome: blind },
        { name: "nest-terminus", outcome: gone },
        { name: "lightship", outcome: blind },
      ],
    },
  ],
  start: [
    { what: readyMoment, ms: one(180), toBareFastify: one(1.4) },
    { what: databaseMoment, ms: one(210), toBareFastify: one(1.7) },
  ],
  memory: [
    { name: "greenlight", residentMiB: one(85) },
    { name: "bare-fastify", residentMiB: one(73) },
  ],
};

/** A report of these figures. */
export const report: Report = {
  schemaVersion: 1,
  machine: {
    cpu: "Some CPU",
    cores: 2,
    memoryGiB: 24,
    system: "linux 6.1",
    node: "24.21.0",
    wrk: "4.1.0",
    pinned: true,
    loadBefore: 0.1,
    date: "2026-11-21T12:00:00.000Z",
  },
  settings: {},
  figures,
  targets: evaluateTargets(figures),
  peers: [],
  notes: [],
};
