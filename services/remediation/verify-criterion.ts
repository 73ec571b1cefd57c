import type { Verified, VerifierCall } from "./verifier.ts";
import { contrary, held, unknown } from "./verify-words.ts";

type CriterionCall = Extract<VerifierCall, { kind: "criterion" }>;

export type Indicated =
  | { readonly kind: "known"; readonly value: number; readonly evidence: string }
  | { readonly kind: "unknown"; readonly because: string };

/**
 * What is measured, by name:
 * `verdict:SUITE` is 1 for `go` and 0 for anything else;
 * `duration:DEPENDENCY` is that of one observation that passes, in ms.
 */
export interface Indicators {
  /** Rejects with the reason of the signal alone. */
  read(indicator: Indicator, signal: AbortSignal): Promise<Indicated>;
}

export interface Indicator {
  readonly kind: "verdict" | "duration";
  readonly of: string;
}

const KINDS: readonly Indicator["kind"][] = ["verdict", "duration"];

/** Undefined for a name that stands for nothing that is measured. */
export function parseIndicator(name: string): Indicator | undefined {
  const [first = "", ...rest] = name.split(":");
  const kind = KINDS.find((each) => each === first);
  const of = rest.join(":");
  return kind === undefined || of === "" ? undefined : { kind, of };
}

export async function verifyCriterion(
  { indicator, operator, target, withinMs }: CriterionCall,
  indicators: Indicators,
  signal: AbortSignal,
): Promise<Verified> {
  const parsed = parseIndicator(indicator);
  if (parsed === undefined)
    return unknown(
      `expected verdict:SUITE or duration:DEPENDENCY, found ${JSON.stringify(indicator.slice(0, 80))}`,
    );
  const found = await indicators.read(parsed, signal);
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
