import type { RefusalCode, RunResult } from "../../../services/remediation/engine.ts";
import type { RemedyStep } from "../../views/remedy-report.ts";

export interface ApplyCommand {
  /** As it was given: an id or a path. */
  readonly plan: string;
  readonly digest: string;
  readonly steps: readonly RemedyStep[];
  /** That of the plan, where a person has to name it. */
  readonly environment?: string | undefined;
  /** As `whereOf` says it. */
  readonly where: string;
}

/** The command that confirms a plan, with the approvals that it wants. */
export function applyCommand({ plan, digest, steps, environment, where }: ApplyCommand): string {
  const approvals = steps.filter(({ needsApproval }) => needsApproval).map(({ id }) => id);
  const approved = approvals.length === 0 ? "" : ` --approve ${approvals.map(quote).join(" ")}`;
  const named = environment === undefined ? "" : ` --approve-environment ${quote(environment)}`;
  return `greenlight apply ${quote(plan)} --confirm ${digest}${approved}${named}${where}`;
}

/** For a shell, when it has to be. */
export const quote = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

export interface NextOptions {
  readonly command: "apply" | "rollback" | "resume";
  /** As `whereOf` says it. */
  readonly where: string;
  /** That was to be taken over. */
  readonly runId?: string | undefined;
}

/** What to do after a run, or after one that did not begin. */
export function nextStepsOf(result: RunResult, options: NextOptions): string[] {
  const { command, where } = options;
  if (result.kind === "refused") return afterRefusal(result.code, { where, runId: options.runId });
  const { runId } = result;
  const rollback = `To take it back: greenlight rollback ${runId}${where}`;
  const resume = `To finish it: greenlight resume ${runId}${where}`;
  const look = `greenlight runs ${runId}${where}`;
  if (result.kind === "stopped") return [resume, rollback, `What the journal knows: ${look}`];
  if (result.dryRun) return [];
  switch (result.outcome) {
    case "succeeded":
      return [rollback];
    case "pending":
      return [`When it is in force: greenlight resume ${runId}${where}`, rollback];
    case "failed":
      return [
        `Look at what is left: ${look}`,
        `When the reason is gone: greenlight ${command === "rollback" ? "rollback" : "resume"} ${runId}${where}`,
      ];
    default:
      return command === "rollback"
        ? []
        : [`Look at why it failed, and make a plan of the world as it is: greenlight plan${where}`];
  }
}

/** What to do where nothing was begun. */
export function afterRefusal(
  code: RefusalCode,
  { where, runId: run = "RUN" }: Pick<NextOptions, "where" | "runId">,
): string[] {
  const anew = `Make a plan of the world as it is: greenlight plan${where}`;
  const texts: Readonly<Record<RefusalCode, string | undefined>> = {
    DIGEST_MISMATCH: `Look at the plan as it is now: greenlight apply PLAN${where}`,
    PLAN_INVALID: "Look at all that is wrong with it: greenlight plan lint FILE",
    NOT_APPROVED: "Approve by name what you mean to: --approve STEP",
    PERMISSION_MISSING: "Grant the remediator what is missing, or have somebody apply it who has it.",
    ATTEMPTS_EXHAUSTED: "Find out why it did not help: greenlight why. To try once more: --approve STEP",
    WORLD_MOVED: anew,
    STEP_REFUSED: anew,
    WORLD_UNKNOWN: "See that it can be told: greenlight why. Then apply again.",
    LOCKED: `See who has it: greenlight runs${where}. Then apply again.`,
    RUN_UNFINISHED: `Finish it, or take it back: greenlight resume RUN${where}, or greenlight rollback RUN${where}`,
    RUN_NOT_FOUND: `See which runs there are: greenlight runs${where}`,
    RUN_ENDED: `See what became of it: greenlight runs ${run}${where}`,
    STORE_UNAVAILABLE: "See that the store answers (store.path or store.url), then try again.",
    ABORTED: undefined,
  };
  return [texts[code] ?? []].flat();
}
