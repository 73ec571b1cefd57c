/** Waivers: each names a finding that there can be, once, for 90 days at most. */
import { FINDINGS } from "../../services/findings/table.ts";
import { isWaivable } from "../../services/waivers/judge.ts";
import { codeOf, daysLeft, endOf, MAX_DAYS, type Waiver } from "../../services/waivers/waiver.ts";
import { type Problem, type ResolveInput, faultAt } from "./input.ts";
import { describeFound } from "./redact.ts";
import { FINDING_EXPECTED, FINDING_ID, MAX_SENTENCE, SENTENCE_EXPECTED } from "./schema-policies.ts";
import type { Parsed } from "./schema.ts";
import { nearest } from "./suggest.ts";

/**
 * Reports those that can never be meant. One that has expired is no fault: it is a finding, so that the service goes on.
 *
 * @param now wall-clock ms
 */
export function resolveWaivers({ waivers }: Parsed, input: ResolveInput, now: number): readonly Waiver[] {
  for (const [index, waiver] of waivers.entries()) {
    const path = `waivers.${index}`;
    const twice = waivers.findIndex((other) => other.finding === waiver.finding) < index;
    const problem = twice
      ? { expected: "one waiver for each finding", found: "a second one for the same finding" }
      : problemOfId(waiver);
    if (problem) faultAt(input, `${path}.finding`, problem);
    for (const key of ["reason", "owner"] as const) {
      const text = waiver[key].trim();
      if (text !== "" && text.length <= MAX_SENTENCE) continue;
      faultAt(input, `${path}.${key}`, { expected: SENTENCE_EXPECTED, found: describeFound(waiver[key]) });
    }
    const day = problemOfDay(waiver, now);
    if (day) faultAt(input, `${path}.expires`, day);
  }
  return waivers;
}

function problemOfId(waiver: Waiver): Problem | undefined {
  if (!FINDING_ID.test(waiver.finding))
    return { expected: FINDING_EXPECTED, found: describeFound(waiver.finding, false) };
  const code = codeOf(waiver);
  const known = Object.keys(FINDINGS);
  if (!known.includes(code)) {
    const close = nearest(code, known);
    return {
      expected: "the code of a finding before the first `:` (greenlight explain lists them)",
      found: `\`${code.slice(0, 60)}\``,
      ...(close !== undefined && { suggestion: `did you mean \`${close}\`?` }),
    };
  }
  if (isWaivable(code)) return undefined;
  return {
    expected: "a finding that can be accepted",
    found: `\`${code}\`, which says that something is not known or no longer accepted`,
  };
}

function problemOfDay(waiver: Waiver, now: number): Problem | undefined {
  const { expires } = waiver;
  if (Number.isNaN(endOf(expires)))
    return { expected: "a day of the calendar, such as 2026-12-31", found: describeFound(expires, false) };
  const days = daysLeft(waiver, now);
  if (days <= MAX_DAYS) return undefined;
  const latest = new Date(now + MAX_DAYS * 24 * 3_600_000).toISOString().slice(0, 10);
  return {
    expected: `a day at most ${MAX_DAYS} days ahead`,
    found: `\`${expires}\`, ${days} days from today`,
    suggestion: `${latest} is the last possible day today; whoever owns it can renew it then`,
  };
}
