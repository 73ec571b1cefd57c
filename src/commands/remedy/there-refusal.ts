import { isRecord } from "../../../services/json.ts";
import type { DeskRefusalCode } from "../../../services/remediation/desk.ts";
import { EXIT } from "../../exit-codes.ts";
import type { GateReply } from "../../gate/gate-client.ts";
import { clean } from "../../views/text.ts";
import { CliError } from "../cli-error.ts";
import { REFUSALS } from "./exit-code.ts";
import { afterRefusal } from "./next-steps.ts";
import type { Told } from "./report.ts";

/** Why a service began nothing. */
export interface RefusedThere extends Told {
  readonly kind: "refused";
  readonly outcome: "refused";
  readonly code: DeskRefusalCode;
}

const EXIT_CODES: Readonly<Record<DeskRefusalCode, number>> = {
  ...REFUSALS,
  PLAN_NOT_FOUND: EXIT.usage,
  ENVIRONMENT_MISMATCH: EXIT.noPermission,
  ENVIRONMENT_NOT_APPROVED: EXIT.noPermission,
  CLOSING: EXIT.temporary,
};

/** Of a 403: whoever asked may ask, and the plan, the steps or the remediator stand in the way. */
export const FORBIDDING: readonly DeskRefusalCode[] = [
  "ENVIRONMENT_MISMATCH",
  "ENVIRONMENT_NOT_APPROVED",
  "NOT_APPROVED",
  "PERMISSION_MISSING",
];

const isRefusalCode = (code: string | undefined): code is DeskRefusalCode =>
  code !== undefined && Object.hasOwn(EXIT_CODES, code);

export interface Asked {
  /** The service. */
  readonly shown: string;
  /** As `whereOf` says it. */
  readonly where: string;
  /** That was to be taken over. */
  readonly runId?: string | undefined;
}

/** @throws {CliError} for an answer that is no refusal of a plan or a run. */
export function refusedThere(
  { status, problem, body }: GateReply,
  { shown, where, runId }: Asked,
): RefusedThere {
  const { code, detail = "" } = problem;
  if (!isRefusalCode(code))
    throw new CliError(
      status >= 500 || status === 429 ? EXIT.temporary : EXIT.unavailable,
      `${shown} answered ${status}${detail === "" ? "" : `: ${clean(detail)}`}`,
      { hint: "Check that the URL is that of a Greenlight service of this version." },
    );
  const holder = isRecord(body) && isRecord(body["holder"]) ? body["holder"]["runId"] : undefined;
  return {
    kind: "refused",
    outcome: "refused",
    code,
    summary: clean(detail).replace(/\.$/, ""),
    exitCode: EXIT_CODES[code],
    nextSteps: nextSteps(code, {
      where,
      runId,
      ...(typeof holder === "string" && { holder: clean(holder) }),
    }),
  };
}

function nextSteps(
  code: DeskRefusalCode,
  { where, runId, holder }: Pick<Asked, "where" | "runId"> & { readonly holder?: string },
): readonly string[] {
  switch (code) {
    case "PLAN_NOT_FOUND":
      return [`Have one made there: greenlight plan${where}`];
    case "ENVIRONMENT_MISMATCH":
      return ["Have it applied by a service of the environment that it is for."];
    case "ENVIRONMENT_NOT_APPROVED":
      return ["If it is meant: the same with --approve-environment NAME, spelt as in the plan"];
    case "CLOSING":
      return ["Ask again in a moment: another takes its place."];
    case "LOCKED":
      return holder === undefined
        ? afterRefusal(code, { where, runId })
        : [`See what it does: greenlight runs ${holder}${where}. Then ask again.`];
    default:
      return afterRefusal(code, { where, runId });
  }
}
