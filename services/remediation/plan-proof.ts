/** Which step is verified with what failed: the last of all that a dependency waits for. */
import type { Chain } from "../why/root-cause.ts";
import { resourceName } from "./gcp-resource.ts";
import type { Step } from "./plan.ts";
import type { VerifierCall } from "./verifier.ts";

/** A step in the making. */
export interface Draft extends Omit<Step, "phase"> {
  /** Those that are to pass once it is done, and what else they wait for. */
  readonly dependencies: readonly string[];
  /** The last of a remedy. */
  readonly final: boolean;
}

const MINUTE = 60_000;

/** How long it may take until what failed passes: IAM spreads in two minutes, at times in more than seven. */
const WITHIN: Readonly<Record<string, number>> = {
  "add-iam-binding": 10 * MINUTE,
  "start-sql-instance": 10 * MINUTE,
  "attach-egress": 5 * MINUTE,
  manual: 60 * MINUTE,
};

/** The kinds that ask what failed. */
const PROOF: ReadonlySet<string> = new Set(["probe", "lint", "criterion"]);

/**
 * A dependency with two root causes passes when both are gone: the probe stands behind the last of their steps, which needs
 * the others. What no probe can prove is proven by the verdict of the suite, behind the last such step.
 */
export function addProofs(drafts: readonly Draft[], subject: Chain["subject"]): Draft[] {
  const steps = new Map(drafts.map((draft) => [draft.id, draft]));
  const prove = (members: readonly Draft[], call: (last: Draft) => VerifierCall): void => {
    const id = members.at(-1)?.id;
    const last = id === undefined ? undefined : steps.get(id);
    if (last === undefined) return;
    const others = members.slice(0, -1).map((each) => each.id);
    const proof = call(last);
    const isThere = last.verify.some((each) => each.kind === proof.kind && sameTarget(each, proof));
    steps.set(last.id, {
      ...last,
      needs: [...new Set([...last.needs, ...others])],
      verify: isThere ? last.verify : [...last.verify, proof],
    });
  };
  for (const dependency of new Set(drafts.flatMap(({ dependencies }) => dependencies))) {
    prove(
      drafts.filter(({ dependencies }) => dependencies.includes(dependency)),
      (last) => ({ kind: "probe", dependency, times: 2, withinMs: withinOf(last) }),
    );
  }
  const unproven = drafts.filter(
    ({ final, dependencies, verify }) =>
      final && dependencies.length === 0 && !verify.some(({ kind }) => PROOF.has(kind)),
  );
  if (unproven.length > 0)
    prove(
      [
        ...drafts.filter((draft) => draft.final && !unproven.includes(draft) && isBefore(draft, unproven)),
        ...unproven,
      ],
      (last) =>
        subject.kind === "dependency"
          ? { kind: "probe", dependency: subject.name, times: 2, withinMs: withinOf(last) }
          : {
              kind: "criterion",
              indicator: `verdict:${subject.name}`,
              operator: "==",
              target: 1,
              withinMs: withinOf(last),
            },
    );
  return [...steps.values()].map(withSomeCheck);
}

const withinOf = ({ action }: Draft): number => WITHIN[action.kind] ?? 2 * MINUTE;

const sameTarget = (a: VerifierCall, b: VerifierCall): boolean =>
  a.kind !== "probe" || b.kind !== "probe" || a.dependency === b.dependency;

/** Steps that are more urgent, or as urgent, hold the verdict up as well. */
const isBefore = ({ priority }: Draft, [first]: readonly Draft[]): boolean =>
  first !== undefined && priority <= first.priority;

/**
 * No field shows a binding in the middle of a plan; that its account exists is the least. The engine waits until the
 * binding has settled all the same.
 */
function withSomeCheck(draft: Draft): Draft {
  const { action, verify } = draft;
  if (verify.length > 0 || action.kind !== "add-iam-binding") return draft;
  const { member } = action.params as { readonly member?: unknown };
  const email = typeof member === "string" ? /^serviceAccount:(.+)$/.exec(member)?.[1] : undefined;
  if (email === undefined) return draft;
  const resource = resourceName("iam", "v1", "projects", "-", "serviceAccounts", email);
  return {
    ...draft,
    verify: [{ kind: "gcp", resource, pointer: "/email", equals: email, withinMs: MINUTE }],
  };
}
