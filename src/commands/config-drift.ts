import type { Change } from "../../services/drift/compare.ts";
import { subjectOf } from "../../services/drift/accept.ts";
import { lookForDrift } from "../drift/look.ts";
import { prepareDrift } from "../drift/prepare.ts";
import { reportChange } from "../drift/report-change.ts";
import { EXIT } from "../exit-codes.ts";
import { renderDrift } from "../views/drift-human.ts";
import type { DriftReport } from "../views/drift-report.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigDriftOptions extends OutputOptions {
  readonly config?: string;
}

/** Compares what is configured with the baseline. Without `--json` an unchanged environment is told by silence. */
export async function configDrift(context: CommandContext, options: ConfigDriftOptions): Promise<number> {
  const { config } = await prepareDrift(context, options.config);
  const { drift } = config;
  const { changes, troubles, compared } = await lookForDrift({ drift, ...context });
  const verdict = changes.length > 0 ? "drift" : troubles.length > 0 ? "unknown" : "same";
  const result: DriftReport = {
    schemaVersion: 1,
    command: "config drift",
    baseline: drift.baseline.shown,
    verdict,
    changes: changes.map(reportChange),
    troubles,
    nextSteps: [...new Set(troubles.flatMap(({ remedies }) => remedies)), ...stepsFor(changes)],
  };
  if (verdict !== "same" || options.json === true)
    writeResult(context, options, { result, human: renderDrift });
  if (verdict === "same") return EXIT.ok;
  return compared === undefined ? EXIT.config : EXIT.findings;
}

function stepsFor(changes: readonly Change[]): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const subject = quote(subjectOf(first));
  const named = changes.length === 1 ? ` ${subject}` : "";
  return [
    ...("key" in first
      ? [`See where it comes from and who uses it: greenlight config drift explain ${subject}`]
      : []),
    "Put back what is not meant.",
    `Accept what is meant: greenlight config drift accept${named} --reason '…'`,
  ];
}

/** As a shell takes it. */
const quote = (text: string): string =>
  /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
