import * as v from "valibot";
import type { Evaluation } from "../../services/gate/verdict.ts";
import type { Fingerprint } from "../views/fingerprint.ts";
import type { SeenRequirement } from "../../services/gate/seen.ts";

/** What a service says of a suite. */
export interface GateAnswer {
  readonly evaluation: Evaluation;
  readonly checks: readonly SeenRequirement[];
  /** How long the suite's own grace is, which begins anew with every request that says nothing of it. */
  readonly graceMs: number;
  readonly environment: string;
  readonly version: string;
  readonly dependencies: Fingerprint["dependencies"];
}

const TEXT = v.pipe(v.string(), v.maxLength(4000));
const NAME = v.pipe(v.string(), v.maxLength(300));
const STATUS = v.picklist(["pass", "warn", "fail", "unknown"]);
const LEVEL = v.picklist(["required", "optional"]);
const MS = v.pipe(v.number(), v.minValue(0));

/** As the table of causes has it; a service of another version may know further codes. */
export const causeSchema = v.object({
  code: NAME,
  title: TEXT,
  message: TEXT,
  explanation: v.optional(TEXT, ""),
  rung: NAME,
  retryable: v.boolean(),
  owner: NAME,
  evidence: v.optional(TEXT),
  remedies: v.optional(v.array(TEXT), []),
});

const placeSchema = v.variant("kind", [
  v.object({
    kind: v.literal("file"),
    file: TEXT,
    line: v.exactOptional(v.number()),
    column: v.exactOptional(v.number()),
  }),
  v.object({ kind: v.picklist(["variable", "dependency", "source"]), name: NAME }),
]);

const findingSchema = v.object({
  code: NAME,
  id: TEXT,
  severity: v.picklist(["error", "warning", "note"]),
  message: TEXT,
  place: v.exactOptional(placeSchema),
  evidence: v.array(TEXT),
  owner: NAME,
  remedies: v.array(TEXT),
});

const waiverSchema = v.object({
  finding: TEXT,
  reason: TEXT,
  owner: TEXT,
  expires: NAME,
  daysLeft: v.number(),
});

const reasonSchema = v.object({
  code: NAME,
  dependency: v.optional(NAME),
  level: LEVEL,
  effect: v.picklist(["blocks", "notes"]),
  curable: v.boolean(),
  message: TEXT,
  cause: v.optional(causeSchema),
  finding: v.exactOptional(findingSchema),
});

const checkSchema = v.object({
  dependency: NAME,
  status: STATUS,
  level: LEVEL,
  cause: v.optional(NAME),
  rung: v.optional(NAME),
  durationMs: v.optional(MS),
  serving: v.optional(NAME),
});

const dependencySchema = v.object({
  kind: NAME,
  status: STATUS,
  version: v.optional(NAME),
  host: v.optional(NAME),
  port: v.optional(v.number()),
  database: v.optional(NAME),
  serving: v.optional(NAME),
  assurance: v.optional(v.picklist(["real", "emulator", "mock"])),
});

const answerSchema = v.object({
  suite: NAME,
  verdict: v.picklist(["go", "wait", "stop", "inconclusive"]),
  fit: v.boolean(),
  stableForMs: MS,
  stableMs: MS,
  graceMs: v.optional(MS, 0),
  reasons: v.array(reasonSchema),
  strict: v.exactOptional(v.literal(true)),
  waivers: v.exactOptional(v.array(waiverSchema)),
  checks: v.array(checkSchema),
  environment: NAME,
  version: NAME,
  dependencies: v.optional(v.record(NAME, dependencySchema), {}),
});

/** Undefined for whatever is no answer of a gate about this suite; a `go` that has blocking reasons is none either. */
export function parseGateAnswer(body: unknown, suite: string): GateAnswer | undefined {
  const result = v.safeParse(answerSchema, body);
  if (!result.success || result.output.suite !== suite) return undefined;
  const {
    verdict,
    fit,
    stableForMs,
    stableMs,
    graceMs,
    reasons,
    strict,
    waivers,
    checks,
    environment,
    version,
    dependencies,
  } = result.output;
  if (verdict === "go" && (!fit || reasons.some(({ effect }) => effect === "blocks"))) return undefined;
  // Codes of a newer service are shown as they are.
  const findings = { ...(strict && { strict }), ...(waivers && { waivers }) };
  const evaluation = { suite, verdict, fit, stableForMs, stableMs, reasons, ...findings } as Evaluation;
  return {
    evaluation,
    graceMs,
    checks: checks as SeenRequirement[],
    environment,
    version,
    dependencies: dependencies as Fingerprint["dependencies"],
  };
}

const publicSchema = v.strictObject({ suite: v.string(), verdict: v.string() });

/** What callers without a token may be shown. */
export const isPublicVerdict = (body: unknown): boolean => v.is(publicSchema, body);

const unknownSchema = v.object({ code: v.literal("UNKNOWN_SUITE"), known: v.array(NAME) });

/** The suites that the service does have, when it says that it has not this one. */
export function knownSuites(body: unknown): readonly string[] | undefined {
  const result = v.safeParse(unknownSchema, body);
  return result.success ? result.output.known : undefined;
}
