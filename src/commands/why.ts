import { RUNGS } from "../../services/causes.ts";
import { EXIT } from "../exit-codes.ts";
import { type DependencyReport, numberSteps, type Report } from "../views/report.ts";
import { writeReport } from "../views/write.ts";
import { askService } from "./ask-service.ts";
import { createCandidates, selectNamed } from "./candidates.ts";
import { usageError } from "./cli-error.ts";
import { climbAll } from "./climb.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface WhyOptions extends OutputOptions {
  readonly dependency?: string | undefined;
  readonly url?: string;
  readonly config?: string;
}

/** Explains what does not pass, as seen from here or by a service. Resolves with 0 when it could. */
export async function why(context: CommandContext, options: WhyOptions): Promise<number> {
  const { dependency, url, config } = options;
  if (url !== undefined && config !== undefined) throw usageError("give --url or --config, not both.");
  if (dependency === "") throw usageError("the name of the dependency is empty.");
  const asked = url ?? (config === undefined ? context.env.GREENLIGHT_URL || undefined : undefined);
  const { vantage, dependencies } =
    asked === undefined
      ? await lookFromHere(context, options)
      : await askService(context, { url: asked, dependency });
  const broken = dependencies.filter(({ status }) => status !== "pass");
  const shown = dependency === undefined && broken.length > 0 ? broken : dependencies;
  writeReport(context, options, {
    schemaVersion: 1,
    command: "why",
    vantage,
    exitCode: EXIT.ok,
    summary: summarise(dependencies),
    dependencies: shown.map((each) => ({ ...each, reached: each.cause?.rung ?? RUNGS.at(-1) })),
    nextSteps: numberSteps(shown),
  });
  return EXIT.ok;
}

type Seen = Pick<Report, "vantage" | "dependencies">;

async function lookFromHere(context: CommandContext, { config, dependency }: WhyOptions): Promise<Seen> {
  const all = await createCandidates(context, { config });
  const candidates = dependency === undefined ? all : selectNamed(all, [dependency]);
  return { vantage: { kind: "here" }, dependencies: await climbAll(candidates, context.signal) };
}

function summarise(dependencies: readonly DependencyReport[]): string {
  const [only] = dependencies;
  if (dependencies.length === 1 && only) return only.summary;
  const broken = dependencies.filter(({ status }) => status !== "pass");
  if (broken.length === 0) return `All ${dependencies.length} dependencies pass.`;
  const names = broken.map((each) => `${each.dependency} (${each.cause?.code ?? each.status})`).join(", ");
  return `${broken.length} of ${dependencies.length} dependencies ${broken.length === 1 ? "does" : "do"} not pass: ${names}.`;
}
