import type { RunResult } from "../../../services/remediation/engine.ts";
import type { RemedyStep } from "../../views/remedy-report.ts";

export interface ApplyCommand {
  /** As it was given: an id or a path. */
  readonly plan: string;
  readonly digest: string;
  readonly steps: readonly RemedyStep[];
  /** That of the plan, where a person has to name it. */
  readonly environment?: string | undefined;
  readonly config?: string | undefined;
}

/** The command that confirms a plan, with the approvals that it wants. */
export function applyCommand({ plan, digest, steps, environment, config }: ApplyCommand): string {
  const approvals = steps.filter(({ needsApproval }) => needsApproval).map(({ id }) => id);
  return [
    `greenlight apply ${quote(plan)} --confirm ${digest}`,
    ...(approvals.length === 0 ? [] : [`--approve ${approvals.map(quote).join(" ")}`]),
    ...(environment === undefined ? [] : [`--approve-environment ${quote(environment)}`]),
    ...(config === undefined ? [] : [`--config ${quote(config)}`]),
  ].join(" ");
}

/** For a shell, when it has to be. */
const quote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** What to do after a run, or after one that did not begin. */
export function nextStepsOf(result: RunResult, command: "apply" | "rollback" | "resume"): string[] {
  if (result.kind === "refused") return [REFUSED[result.code] ?? []].flat();
  const { runId } = result;
  const rollback = `To take it back: greenlight rollback ${runId}`;
  const resume = `To finish it: greenlight resume ${runId}`;
  if (result.kind === "stopped")
    return [resume, rollback, `What the journal knows: greenlight runs ${runId}`];
  if (result.dryRun) return [];
  switch (result.outcome) {
    case "succeeded":
      return [rollback];
    case "pending":
      return [`When it is in force: greenlight resume ${runId}`, rollback];
    case "failed":
      return [
        `Look at what is left: greenlight runs ${runId}`,
        `When the reason is gone: greenlight ${command === "rollback" ? "rollback" : "resume"} ${runId}`,
      ];
    default:
      return command === "rollback"
        ? []
        : ["Look at why it failed, and make a plan of the world as it is: greenlight plan"];
  }
}

const REFUSED: Readonly<Partial<Record<string, string>>> = {
  DIGEST_MISMATCH: "Look at the plan as it is now: greenlight apply PLAN",
  PLAN_INVALID: "Look at all that is wrong with it: greenlight plan lint FILE",
  NOT_APPROVED: "Approve by name what you mean to: --approve STEP",
  PERMISSION_MISSING: "Grant the remediator what is missing, or have somebody apply it who has it.",
  ATTEMPTS_EXHAUSTED: "Find out why it did not help: greenlight why. To try once more: --approve STEP",
  WORLD_MOVED: "Make a plan of the world as it is: greenlight plan",
  STEP_REFUSED: "Make a plan of the world as it is: greenlight plan",
  WORLD_UNKNOWN: "See that it can be told: greenlight why. Then apply again.",
  LOCKED: "See who has it: greenlight runs. Then apply again.",
  RUN_UNFINISHED: "Finish it, or take it back: greenlight resume RUN, or greenlight rollback RUN",
  RUN_NOT_FOUND: "See which runs there are: greenlight runs",
  RUN_ENDED: "See what became of it: greenlight runs RUN",
  STORE_UNAVAILABLE: "See that the store answers (store.path or store.url), then try again.",
};
