import { resolve, sep } from "node:path";
import type { Finding, Severity } from "../../services/findings/finding.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { EXIT } from "../exit-codes.ts";
import { planFindings } from "../remediation/plan-findings.ts";
import { lintPlanText } from "../remediation/plan-parse.ts";
import { readPlanFile } from "../remediation/read-plan-file.ts";
import { readVersion } from "../version.ts";
import { parseFindingReports, writeFindingReports } from "../views/finding-reports.ts";
import { renderPlanLint } from "../views/plan-lint-human.ts";
import { type LintedPlanFile, toPlanLintReport } from "../views/plan-lint-report.ts";
import { renderSarif } from "../views/sarif.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface PlanLintOptions extends OutputOptions {
  readonly files: readonly string[];
  readonly sarif?: boolean;
  readonly failOn: Severity;
  readonly report?: readonly string[];
}

/** Lints plans. Resolves with 65 when something as severe as `--fail-on` was found. */
export async function planLint(context: CommandContext, options: PlanLintOptions): Promise<number> {
  const { json, sarif, files, failOn } = options;
  if (json === true && sarif === true) throw usageError("--json and --sarif both write to stdout: give one.");
  const requests = parseFindingReports(options.report ?? []);
  const plans: LintedPlanFile[] = [];
  const findings: Finding[] = [];
  for (const path of new Set(files)) {
    const file = path.split(sep).join("/");
    // One at a time: the parser holds the process anyway.
    const linted = await lintFile(resolve(context.cwd, path), file);
    plans.push(linted.plan);
    findings.push(...linted.findings);
    context.signal.throwIfAborted();
  }
  const result = toPlanLintReport({ plans, findings });
  const shared = { findings, version: readVersion() };
  if (sarif === true) context.stdout.write(renderSarif(shared));
  else writeResult(context, options, { result, human: renderPlanLint });
  const whole = await writeFindingReports(context, requests, { ...shared, result });
  const severities: readonly Severity[] = ["error", "warning", "note"];
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  if (counted.some((severity) => result.counts[severity] > 0)) return EXIT.findings;
  return whole ? EXIT.ok : EXIT.cannotCreate;
}

async function lintFile(
  path: string,
  file: string,
): Promise<{ readonly plan: LintedPlanFile; readonly findings: readonly Finding[] }> {
  const read = await readPlanFile(path);
  if (!read.ok) return { plan: { file }, findings: planFindings([read.fault], { file, ids: [] }) };
  const { plan, faults, ids } = await lintPlanText(read.text);
  return {
    plan: { file, ...(plan && { id: plan.id, digest: planDigest(plan) }) },
    findings: planFindings(faults, { file, ids }),
  };
}
