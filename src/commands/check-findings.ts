import type { FindingReasons } from "../../services/gate/findings.ts";
import type { Reason } from "../../services/gate/verdict.ts";
import { EXIT } from "../exit-codes.ts";
import { asksStrict, openLocalFindings } from "../findings/local.ts";
import { namesOf } from "../gate/gate-summary.ts";
import type { NextStep, Report } from "../views/report.ts";
import type { CommandContext } from "./context.ts";
import type { ConfigReader } from "./read-config.ts";

export interface CheckFindingsOptions {
  readonly urls: readonly string[];
  readonly readConfig: ConfigReader;
  readonly strictValidation?: boolean;
}

/**
 * What is found from here, for a round over what is configured; for a round over URLs only where strict validation is
 * asked for.
 *
 * @throws {CliError} 78 for faults of the configuration.
 */
export async function collectForCheck(
  context: CommandContext,
  options: CheckFindingsOptions,
): Promise<FindingReasons | undefined> {
  const strict = asksStrict(context, options);
  if (options.urls.length > 0 && !strict) return undefined;
  const find = await openLocalFindings(context, { readConfig: options.readConfig, strict });
  return await find(context.signal);
}

/** Pure: the report with what was found; what blocks makes it a `stop`, before anything that waiting may cure. */
export function withFindings(report: Report, found: FindingReasons | undefined): Report {
  if (found === undefined) return report;
  const { blocking, notes, waivers, strict } = found;
  const reasons = [...blocking, ...notes];
  const told: Report = {
    ...report,
    ...(strict && { strict }),
    ...(reasons.length > 0 && { reasons }),
    ...(waivers.length > 0 && { waivers }),
  };
  if (blocking.length === 0) return told;
  const steps = [...blocking.flatMap(stepsOf), ...report.nextSteps];
  return {
    ...told,
    verdict: "stop",
    exitCode: EXIT.unavailable,
    summary: `Unfit: strict validation stops it: ${namesOf(blocking)}. ${report.summary}`,
    nextSteps: steps.map((step, index) => Object.assign({ ...step }, { number: index + 1 })),
  };
}

const stepsOf = ({ finding }: Reason): Omit<NextStep, "number">[] =>
  finding === undefined
    ? []
    : finding.remedies.map((text) => ({
        dependency: finding.id,
        cause: finding.code,
        owner: finding.owner,
        text,
      }));
