import type { CiSystem } from "../init/ci.ts";
import { type Detection, detect } from "../init/detect.ts";
import { readFolder } from "../init/folder.ts";
import { nextSteps } from "../init/next-steps.ts";
import { planFiles } from "../init/plan.ts";
import { writePlanned } from "../init/write-files.ts";
import { EXIT } from "../exit-codes.ts";
import { renderInit } from "../views/init-human.ts";
import type { InitReport } from "../views/init-report.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface InitOptions extends OutputOptions {
  readonly ci?: CiSystem;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Writes a configuration and a workflow for what the folder and the variables show. */
export async function init(context: CommandContext, options: InitOptions): Promise<number> {
  const { env, cwd } = context;
  const { ci, force = false, dryRun = false } = options;
  const folder = await readFolder(cwd);
  const detection = await detect(env, folder);
  const plan = planFiles(detection, folder, { ci, force });
  const files: InitReport["files"][number][] = [];
  for (const file of plan.files) {
    const written = await writePlanned(file, { cwd, force, dryRun });
    const shown = dryRun && written.action.startsWith("would") ? { text: file.text } : {};
    files.push({ ...written, ...shown });
  }
  const result: InitReport = {
    schemaVersion: 1,
    command: "init",
    dryRun,
    found: foundIn(detection),
    notes: detection.notes,
    suite: plan.suite,
    files,
    nextSteps: nextSteps(detection, plan),
  };
  writeResult(context, options, { result, human: renderInit });
  return EXIT.ok;
}

function foundIn({ dependencies, runners, ci }: Detection): InitReport["found"] {
  return [
    ...dependencies.map(({ kind, variable, places }) => ({ what: kind, variable, where: places })),
    ...runners.map(({ name, where }, index) => ({
      what: name,
      where: [index === 0 ? where : `${where} (not used: ${runners[0]?.name} came first)`],
    })),
    ...ci.map(({ system, where }) => ({ what: system, where: [where] })),
  ];
}
