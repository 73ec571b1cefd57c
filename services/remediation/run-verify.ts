import type { Step } from "./plan.ts";
import { bounded } from "./run-bounded.ts";
import { pause } from "./run-pause.ts";
import type { Run } from "./run.ts";
import type { Verified, VerifierCall } from "./verifier.ts";

/** What is asked when the time is all but up still gets so long to answer, ms. */
const LAST_ASK_MS = 500;

/** One answer for each call, in order, up to the first that did not hold. @throws {Stop} */
export async function verifyStep(run: Run, step: Step): Promise<readonly Verified[]> {
  const results: Verified[] = [];
  for (const call of step.verify) {
    const result = await verifyOne(run, step, call);
    results.push(result);
    if (result.kind !== "held") break;
  }
  return results;
}

/**
 * Asks until it has held so often in a row as the call says. What is broken is asked again only within a time that the
 * call itself gives; what is pending or unknown, within the default as well.
 */
async function verifyOne(run: Run, step: Step, call: VerifierCall): Promise<Verified> {
  const { options, limits, signal } = run;
  const { clock, verify } = options;
  const wanted = call.kind === "probe" ? (call.times ?? 1) : 1;
  const until = clock.monotonic() + Math.min(call.withinMs ?? limits.verifyMs, run.remainingMs());
  let held = 0;
  let last: Verified | undefined;
  for (;;) {
    const ms = Math.max(LAST_ASK_MS, until - clock.monotonic());
    const waitedFor = `the verification of ${step.id} (${call.kind})`;
    const answer = await bounded({ ms, graceMs: limits.graceMs, waitedFor, signal }, (inner) =>
      verify(call, inner),
    );
    // What was cut short says less than the word before it.
    const isCut = answer.kind !== "answered" && clock.monotonic() >= until;
    if (isCut && last !== undefined) return shortOf(last, { held, wanted });
    const found: Verified =
      answer.kind === "answered" ? answer.value : { kind: "unknown", because: answer.because };
    held = found.kind === "held" ? held + 1 : 0;
    last = found;
    if (held >= wanted) return found;
    const final = found.kind === "broken" && call.withinMs === undefined;
    if (final) return found;
    const left = until - clock.monotonic();
    if (left <= 0) return shortOf(found, { held, wanted });
    run.waiting(found.kind === "held" || found.kind === "broken" ? found.evidence : found.because, step.id);
    await pause(Math.min(limits.pollMs, left), signal);
  }
}

function shortOf(found: Verified, { held, wanted }: { held: number; wanted: number }): Verified {
  if (found.kind !== "held") return found;
  return { kind: "broken", evidence: `it held ${held} of ${wanted} times in a row: ${found.evidence}` };
}

/**
 * Whether a person has done what they were asked to do: each verifier holds, asked once. Of a step without verifiers
 * nobody can tell, so never. @throws {Stop}
 */
export async function isDoneByHand(run: Run, step: Step): Promise<boolean> {
  const { options, limits, signal } = run;
  for (const call of step.verify) {
    const waitedFor = `a look at what is done by hand for ${step.id} (${call.kind})`;
    const ms = Math.max(1, Math.min(call.withinMs ?? limits.verifyMs, run.remainingMs()));
    const answer = await bounded({ ms, graceMs: limits.graceMs, waitedFor, signal }, (inner) =>
      options.verify(call, inner),
    );
    if (answer.kind !== "answered" || answer.value.kind !== "held") return false;
  }
  return step.verify.length > 0;
}

/** Undefined when all held. */
export function brokenIn(results: readonly Verified[]): string | undefined {
  const last = results.at(-1);
  if (last === undefined || last.kind === "held") return undefined;
  return `the verification does not hold: ${last.kind === "broken" ? last.evidence : last.because}`;
}
