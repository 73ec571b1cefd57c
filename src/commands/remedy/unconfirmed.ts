import { EXIT } from "../../exit-codes.ts";
import { quote } from "./next-steps.ts";
import type { Told } from "./report.ts";

/** A plan that was shown, and the command that confirms it. */
export const shownAlone = (command: string): Told => ({
  outcome: "shown",
  summary: "nothing was changed; a plan is applied when its digest is confirmed",
  exitCode: EXIT.noPermission,
  nextSteps: [`To apply it: ${command}`, "To see what the world says to it first: add --dry-run"],
});

export interface OtherDigest {
  /** As it was given: an id or a path. */
  readonly plan: string;
  readonly digest: string;
  /** As `whereOf` says it. */
  readonly where: string;
}

/** The digest of another plan was confirmed. */
export const otherDigest = ({ plan, digest, where }: OtherDigest): Told => ({
  outcome: "refused",
  code: "DIGEST_MISMATCH",
  summary: `the plan's digest is ${digest}, and another was confirmed`,
  exitCode: EXIT.noPermission,
  nextSteps: [`Look at the plan as it is now: greenlight apply ${quote(plan)}${where}`],
});
