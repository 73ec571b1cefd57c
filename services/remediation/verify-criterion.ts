import { formatDuration } from "../duration.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { contrary, held, pending, unknown } from "./verify-words.ts";

type CriterionCall = Extract<VerifierCall, { kind: "criterion" }>;

export type Indicated =
  | { readonly kind: "known"; readonly value: number; readonly evidence: string }
  /** There is not enough to tell yet; time may bring it. */
  | { readonly kind: "insufficient"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/**
 * What is measured, by name:
 * `verdict:SUITE` is 1 for `go` and 0 for anything else;
 * `duration:DEPENDENCY` is that of one observation that passes, in ms;
 * `availability:DEPENDENCY` is the share of the window in which it passed, in percent.
 */
export interface Indicators {
  /** Rejects with the reason of the signal alone. */
  read(indicator: Indicator, signal: AbortSignal): Promise<Indicated>;
}

export interface Indicator {
  readonly kind: "verdict" | "duration" | "availability";
  readonly of: string;
  /** Of an availability. */
  readonly windowMs: number;
  readonly minSamples: number;
}

const KINDS: readonly Indicator["kind"][] = ["verdict", "duration", "availability"];
const WINDOW_MS = 600_000;
const MIN_SAMPLES = 10;
/** History is kept in slots of five seconds. */
const LEAST_WINDOW_MS = 10_000;

/** Undefined for a name that stands for nothing that is measured. */
export function parseIndicator(name: string): Pick<Indicator, "kind" | "of"> | undefined {
  const [first = "", ...rest] = name.split(":");
  const kind = KINDS.find((each) => each === first);
  const of = rest.join(":");
  return kind === undefined || of === "" ? undefined : { kind, of };
}

export async function verifyCriterion(
  { indicator, operator, target, windowMs, minSamples, withinMs }: CriterionCall,
  indicators: Indicators,
  signal: AbortSignal,
): Promise<Verified> {
  const parsed = parseIndicator(indicator);
  if (parsed === undefined)
    return unknown(
      `expected verdict:SUITE, duration:DEPENDENCY or availability:DEPENDENCY, found ${JSON.stringify(indicator.slice(0, 80))}`,
    );
  if (parsed.kind !== "availability" && (windowMs ?? minSamples) !== undefined)
    return unknown(`${indicator}: a window and a number of samples are for an availability alone`);
  if (windowMs !== undefined && windowMs < LEAST_WINDOW_MS)
    return unknown(
      `${indicator}: expected a window of at least ${formatDuration(LEAST_WINDOW_MS)}, found ${formatDuration(windowMs)}`,
    );
  const asked = { ...parsed, windowMs: windowMs ?? WINDOW_MS, minSamples: minSamples ?? MIN_SAMPLES };
  const found = await indicators.read(asked, signal);
  if (found.kind === "insufficient")
    return withinMs === undefined
      ? unknown(`${indicator}: ${found.because}`)
      : pending(`${indicator}: ${found.because}`);
  if (found.kind === "unknown") return unknown(`${indicator}: ${found.because}`);
  const { value, evidence } = found;
  if (HOLDS[operator](value, target))
    return held(`${indicator} is ${value}, ${operator} ${target}: ${evidence}`);
  return contrary(
    `${indicator}: expected ${operator} ${target}, found ${value}: ${evidence}`,
    withinMs !== undefined,
  );
}

const HOLDS: Readonly<Record<CriterionCall["operator"], (value: number, target: number) => boolean>> = {
  "<": (value, target) => value < target,
  "<=": (value, target) => value <= target,
  "==": (value, target) => value === target,
  ">=": (value, target) => value >= target,
  ">": (value, target) => value > target,
};
