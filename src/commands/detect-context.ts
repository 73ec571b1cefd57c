import { randomUUID } from "node:crypto";
import type { Detection } from "../../services/context/detect.ts";
import { findingsOf } from "../../services/context/findings.ts";
import { ENVIRONMENTS } from "../../services/context/kinds.ts";
import { createReadName } from "../../services/context/labels.ts";
import { STRICT, stops, stricter } from "../../services/policy/strictness.ts";
import { isExpired } from "../../services/waivers/waiver.ts";
import type { Config } from "../config/config.ts";
import { detectContext } from "../context/detect-context.ts";
import { EXIT } from "../exit-codes.ts";
import { type ExportFormat, renderExport } from "../views/context-export.ts";
import { headline, renderContext } from "../views/context-human.ts";
import type { ContextReport } from "../views/context-report.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { unknownName } from "./unknown-name.ts";
import { readConfig } from "./read-config.ts";

export interface DetectContextOptions extends OutputOptions {
  readonly env?: string;
  readonly config?: string;
  readonly probe?: boolean;
  readonly verbose?: boolean;
  readonly export?: ExportFormat;
  readonly strictValidation?: boolean;
}

/** Tells which environment this is. Resolves with 0, or in strict mode with 78 when that is contradicted or unknown. */
export async function showContext(context: CommandContext, options: DetectContextOptions): Promise<number> {
  if (options.json === true && options.export !== undefined)
    throw usageError("--json and --export both write to stdout; give one of them.");
  const { env, cwd, signal } = context;
  const { config } = await readConfig(context, options.config, { listens: false });
  if (options.env !== undefined) checkFlag(options.env, config);
  const strictness =
    options.strictValidation === true ? stricter(STRICT, config.strictness) : config.strictness;
  const isStrict = strictness.context !== undefined;
  const detection = await detectContext({
    config,
    env,
    cwd,
    flag: options.env,
    probe: options.probe === true || isStrict,
    signal,
  });
  const findings = findingsOf(detection).map((finding) => withWaiver(finding, config));
  const stopped = findings.some(
    ({ severity, waivedUntil }) => waivedUntil === undefined && stops(strictness, "context", severity),
  );
  const exitCode = stopped ? EXIT.config : EXIT.ok;
  const result: ContextReport = {
    schemaVersion: 1,
    command: "context",
    exitCode,
    ...detection,
    findings,
    nextSteps: stepsOf(findings, detection),
  };
  if (options.export === undefined) {
    const human = (report: ContextReport, terminal: Parameters<typeof renderContext>[1]): string =>
      renderContext(report, terminal, options.verbose);
    writeResult(context, options, { result, human });
  } else {
    context.stdout.write(renderExport(detection, options.export, `ghadelimiter_${randomUUID()}`));
    const words = [headline(result), ...findings.map(({ code, message }) => `${code}: ${message}`)];
    context.stderr.write(`${words.join("\n")}\n`);
  }
  return exitCode;
}

/** A name that means nothing here would be passed over, and hints would decide against what was said. */
function checkFlag(name: string, { context }: Config): void {
  if (createReadName(context)(name).says === undefined)
    throw unknownName("environment", name, { known: ENVIRONMENTS });
}

function withWaiver(
  finding: ContextReport["findings"][number],
  { waivers }: Config,
): ContextReport["findings"][number] {
  const waiver = waivers.find((each) => each.finding === finding.id && !isExpired(each, Date.now()));
  return waiver === undefined ? finding : { ...finding, waivedUntil: waiver.expires };
}

function stepsOf(findings: ContextReport["findings"], { unasked }: Detection): string[] {
  const open = findings.filter(({ waivedUntil }) => waivedUntil === undefined);
  const ask =
    unasked.length === 0
      ? []
      : [`Ask ${unasked.join(", ")} which environment this is: \`greenlight context --probe\`.`];
  return [...new Set([...ask, ...open.flatMap(({ remedies }) => remedies)])];
}
