import * as v from "valibot";
import { findingSchema, waiverSchema } from "./run-record-findings.ts";
import type { RunRecord } from "./run-record.ts";

/** Later versions may add codes and members; they are kept out of what is read, and break nothing. */
const text = v.string();
const ms = v.pipe(
  v.number(),
  v.description("Milliseconds; of times: since 1970, by the clock of who looked."),
);
const optional = v.exactOptional;
const list = <S extends v.GenericSchema>(schema: S) => v.pipe(v.array(schema), v.readonly());

const status = v.picklist(["pass", "warn", "fail", "unknown"]);
const level = v.picklist(["required", "optional"]);
const assurance = v.picklist(["real", "emulator", "mock"]);

const cause = v.object({
  code: text,
  title: text,
  message: text,
  explanation: optional(text),
  rung: text,
  retryable: v.boolean(),
  owner: text,
  evidence: optional(text),
  remedies: list(text),
});

const reason = v.object({
  code: text,
  dependency: optional(text),
  level,
  effect: v.pipe(v.picklist(["blocks", "notes"]), v.description("`blocks`: no `go` while it lasts.")),
  curable: v.pipe(v.boolean(), v.description("Whether waiting may cure it.")),
  message: text,
  cause: optional(cause),
  finding: optional(findingSchema),
});

const verdict = v.picklist(["go", "wait", "stop", "inconclusive"]);

const evaluation = v.object({
  suite: text,
  verdict,
  fit: v.boolean(),
  stableForMs: ms,
  stableMs: ms,
  reasons: list(reason),
  strict: optional(v.pipe(v.literal(true), v.description("Findings could stop it."))),
  waivers: optional(v.pipe(list(waiverSchema), v.description("Findings that are accepted for now."))),
});

const check = v.object({
  dependency: text,
  status,
  level,
  cause: optional(text),
  rung: optional(text),
  durationMs: optional(ms),
  serving: optional(v.pipe(text, v.description("Who serves, where one of several may."))),
});

const incident = v.object({
  id: text,
  dependency: text,
  required: v.boolean(),
  status: v.picklist(["warn", "fail", "unknown"]),
  lastPassAt: optional(ms),
  startedAt: ms,
  endedAt: optional(v.pipe(ms, v.description("Absent while it lasts."))),
  cause,
  codes: list(text),
});

const precision = v.picklist(["exact", "estimated", "suite"]);

const test = v.object({
  id: text,
  suite: text,
  classname: text,
  name: text,
  file: optional(text),
  line: optional(v.number()),
  status: v.picklist(["passed", "failed", "error", "skipped"]),
  durationMs: optional(ms),
  interval: optional(v.object({ from: ms, to: ms, precision })),
  failure: optional(v.object({ type: optional(text), message: text, text })),
});

const evidence = v.variant("kind", [
  v.object({
    kind: v.literal("incident"),
    incident: v.object({
      id: text,
      dependency: text,
      startedAt: ms,
      endedAt: optional(ms),
      status: v.picklist(["warn", "fail", "unknown"]),
      code: text,
      title: text,
      rung: text,
    }),
    overlap: precision,
  }),
  v.object({
    kind: v.literal("text"),
    code: text,
    dependencyKind: optional(text),
    matched: text,
  }),
]);

const attribution = v.picklist(["environment", "test", "mixed", "undetermined"]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const triage = v.object({
  counts: v.object({ total: count, passed: count, failed: count, skipped: count }),
  faults: v.pipe(
    list(v.object({ file: text, line: optional(v.number()), expected: text, found: text })),
    v.description("Reports that were not read whole: what they say is incomplete."),
  ),
  duplicates: v.pipe(count, v.description("Tests that a second report told again; each is counted once.")),
  judged: v.pipe(
    list(v.object({ test, attribution, because: text, evidence: list(evidence) })),
    v.description("Every red test, in the order of the reports."),
  ),
  byAttribution: v.object({ environment: count, test: count, mixed: count, undetermined: count }),
});

const fingerprint = v.object({
  environment: text,
  greenlight: v.pipe(text, v.description("Greenlight's own version, of whoever looked.")),
  release: optional(v.pipe(text, v.description("What is deployed there."))),
  revision: optional(v.pipe(text, v.description("The revision of the tests."))),
  dependencies: v.record(
    text,
    v.object({
      kind: text,
      status,
      version: optional(v.pipe(text, v.description("What the server says of itself."))),
      host: optional(text),
      port: optional(v.number()),
      database: optional(text),
      serving: optional(text),
      assurance: optional(assurance),
    }),
  ),
});

const vantage = v.variant("kind", [
  v.object({ kind: v.literal("here") }),
  v.object({ kind: v.literal("service"), url: text }),
  v.object({ kind: v.literal("here-since"), url: text, at: ms }),
]);

const OUTCOMES = [
  "passed",
  "failed",
  "environment",
  "not-fit-in-time",
  "unfit",
  "aborted",
  "no-tests",
  "not-run",
  "dry-run",
] as const satisfies readonly RunRecord["outcome"][];

/** The record of a run as it is written by `--report json`; the published JSON Schema is made of it. */
export const runRecordSchema = v.object({
  schemaVersion: v.literal(1),
  command: v.picklist(["wait", "run"]),
  suite: text,
  outcome: v.pipe(v.picklist(OUTCOMES), v.description("How the run ended.")),
  exitCode: v.pipe(v.number(), v.integer()),
  summary: v.pipe(text, v.description("One sentence: the verdict.")),
  startedAt: ms,
  endedAt: ms,
  vantage: v.pipe(vantage, v.description("Who looked: this process, or a service.")),
  gate: v.object({ verdict, waitedMs: ms, evaluation, checks: list(check) }),
  child: optional(
    v.object({
      command: list(text),
      startedAt: ms,
      endedAt: ms,
      exitCode: v.pipe(v.nullable(v.number()), v.description("Null when a signal ended it.")),
      signal: optional(text),
    }),
  ),
  incidents: list(incident),
  triage: optional(triage),
  junit: list(text),
  fingerprint,
  notes: list(text),
  nextSteps: list(text),
});
