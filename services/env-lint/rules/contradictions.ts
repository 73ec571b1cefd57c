import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { isProtectionName } from "../flags.ts";
import type { LintInput, Occurrence } from "../input.ts";
import { createStack, lineOf, placeOf, type Stack, subjectOf } from "../stack.ts";
import { isOff, isOn } from "../words.ts";

/**
 * Contradictions that matter: a protection that a lower layer switches on and a higher one off, and two flags in effect
 * that say opposite things of one subject (`ENABLE_X=true`, `SKIP_X=true`). Not reported: any other value that differs
 * between layers, which is what layers are for, and a protection that is never switched on.
 */
export const contradictions = ({ stacks }: LintInput): readonly Finding[] =>
  stacks.flatMap((files) => {
    const stack = createStack(files);
    return [...[...stack.values()].flatMap(weakened), ...opposed(stack)];
  });

function weakened(occurrences: readonly Occurrence[]): readonly Finding[] {
  const winner = occurrences.at(-1);
  if (winner === undefined || winner.composed || !isProtectionName(winner.entry.key)) return [];
  const { key } = winner.entry;
  const before = occurrences.slice(0, -1).findLast(({ value, composed }) => !composed && isOn(value));
  // An empty value is no answer; whoever reads it takes its own default.
  if (before === undefined || winner.value.trim() === "" || !isOff(winner.value)) return [];
  return [
    createFinding({
      code: "ENV_CONTRADICTION",
      subject: subjectOf(winner),
      message: `${winner.file.path} switches ${key} off, which ${before.file.path} switches on.`,
      place: placeOf(winner),
      evidence: [`on: ${lineOf(before)}`, `off: ${lineOf(winner)}`],
      facts: { key, other: before.file.path },
    }),
  ];
}

const FOR = ["ENABLE_", "REQUIRE_", "ENFORCE_"];
const AGAINST = ["DISABLE_", "SKIP_", "BYPASS_", "NO_"];

function opposed(stack: Stack): readonly Finding[] {
  const on = new Map(
    [...stack.values()].flatMap((occurrences) => {
      const winner = occurrences.at(-1);
      return winner !== undefined && !winner.composed && isOn(winner.value)
        ? [[winner.entry.key, winner] as const]
        : [];
    }),
  );
  return [...on.values()].flatMap((demand) => {
    const prefix = FOR.find((each) => demand.entry.key.startsWith(each));
    if (prefix === undefined) return [];
    const subject = demand.entry.key.slice(prefix.length);
    return AGAINST.flatMap((each) => on.get(`${each}${subject}`) ?? []).map((denial) =>
      createFinding({
        code: "ENV_CONTRADICTION",
        subject: subjectOf(denial),
        message: `${denial.entry.key} and ${demand.entry.key} are both on, and say opposite things.`,
        place: placeOf(denial),
        evidence: [`${demand.entry.key}: ${lineOf(demand)}`, `${denial.entry.key}: ${lineOf(denial)}`],
        facts: { key: denial.entry.key, other: demand.entry.key },
      }),
    );
  });
}
