import { RUNGS } from "../../services/causes.ts";
import { summariseChains } from "../../services/why/summary.ts";
import { EXIT } from "../exit-codes.ts";
import { stepsOfWhy } from "../views/chain-steps.ts";
import type { DependencyReport, Report } from "../views/report.ts";
import { writeReport } from "../views/write.ts";
import { explainHere } from "../why/explain-here.ts";
import { askWhy } from "./ask-why.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface WhyOptions extends OutputOptions {
  /** Of a dependency or a suite. */
  readonly dependency?: string | undefined;
  readonly url?: string;
  readonly config?: string;
  /** A folder of tests that is linted too. */
  readonly tests?: string;
}

/** Explains what does not pass, as seen from here or by a service. Resolves with 0 when it could. */
export async function why(context: CommandContext, options: WhyOptions): Promise<number> {
  const { dependency, url, config, tests } = options;
  if (url !== undefined && config !== undefined) throw usageError("give --url or --config, not both.");
  if (url !== undefined && tests !== undefined)
    throw usageError("give --url or --tests, not both: a service does not see the files here.");
  if (dependency === "") throw usageError("the name of the dependency is empty.");
  const asked =
    url ??
    (config === undefined && tests === undefined ? context.env.GREENLIGHT_URL || undefined : undefined);
  const seen =
    asked === undefined
      ? await lookFromHere(context, options)
      : await askWhy(context, { url: asked, name: dependency });
  const { dependencies, chains = [], verdict, suite } = seen;
  const broken = dependencies.filter(({ status }) => status !== "pass");
  const all = dependency === undefined ? broken.length > 0 : suite !== undefined;
  const shown = all ? broken : dependencies;
  writeReport(context, options, {
    schemaVersion: 1,
    command: "why",
    ...seen,
    exitCode: EXIT.ok,
    summary:
      suite === undefined || verdict === undefined
        ? summarise(dependencies)
        : summariseChains({ suite, verdict }, chains),
    dependencies: shown.map((each) => ({ ...each, reached: each.cause?.rung ?? RUNGS.at(-1) })),
    nextSteps: stepsOfWhy(chains, shown),
  });
  return EXIT.ok;
}

type Seen = Pick<Report, "vantage" | "dependencies" | "chains" | "verdict" | "suite">;

async function lookFromHere(
  context: CommandContext,
  { config, dependency, tests }: WhyOptions,
): Promise<Seen> {
  const { subject, climbed, evaluation, chains } = await explainHere(context, {
    config,
    name: dependency,
    tests,
  });
  return {
    vantage: { kind: "here" },
    dependencies: climbed.map(({ report }) => report),
    chains,
    ...(evaluation && { suite: subject.name, verdict: evaluation.verdict }),
  };
}

function summarise(dependencies: readonly DependencyReport[]): string {
  const [only] = dependencies;
  if (dependencies.length === 1 && only) return only.summary;
  const broken = dependencies.filter(({ status }) => status !== "pass");
  if (broken.length === 0) return `All ${dependencies.length} dependencies pass.`;
  const names = broken.map((each) => `${each.dependency} (${each.cause?.code ?? each.status})`).join(", ");
  return `${broken.length} of ${dependencies.length} dependencies ${broken.length === 1 ? "does" : "do"} not pass: ${names}.`;
}
