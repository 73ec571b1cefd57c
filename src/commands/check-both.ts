import { compare } from "../../services/why/compare.ts";
import type { BothReport, Compared } from "../views/both-report.ts";
import { renderBoth } from "../views/both-human.ts";
import { type DependencyReport, type NextStep, numberSteps } from "../views/report.ts";
import { writeResult } from "../views/write.ts";
import { askService } from "./ask-service.ts";
import { createCandidates, selectNamed } from "./candidates.ts";
import type { CheckOptions } from "./check.ts";
import { usageError } from "./cli-error.ts";
import { climbAll } from "./climb.ts";
import type { CommandContext } from "./context.ts";
import { EXIT_CODES, judge } from "./verdict.ts";
import { createConfigReader } from "./read-config.ts";

/** Looks from here and asks the service, and says where the two differ. Resolves with the exit code of the worse one. */
export async function checkBoth(context: CommandContext, options: CheckOptions): Promise<number> {
  const { urls, config, timeout, only } = options;
  const url = options.url ?? (context.env.GREENLIGHT_URL || undefined);
  if (url === undefined) {
    throw usageError(
      "--both compares what is seen from here with what a service sees, and no service is named.",
      "Give --url, or set GREENLIGHT_URL.",
    );
  }
  if (urls.length > 0) {
    throw usageError(
      "--both compares dependencies by name, and URLs have none.",
      "Give --config, or set DATABASE_URL and the like.",
    );
  }
  const all = await createCandidates(createConfigReader(context, config), { timeoutMs: timeout });
  const candidates = only === undefined ? all : selectNamed(all, [...new Set(only)]);
  const [here, there] = await Promise.all([
    climbAll(candidates, context.signal),
    askService(context, { url, dependency: undefined }),
  ]);
  const seen =
    only === undefined
      ? there.dependencies
      : there.dependencies.filter(({ dependency }) => only.includes(dependency));
  const result = compareAll(here, seen, there.vantage.kind === "service" ? there.vantage.url : url);
  writeResult(context, options, { result, human: renderBoth });
  return result.exitCode;
}

function compareAll(
  here: readonly DependencyReport[],
  there: readonly DependencyReport[],
  url: string,
): BothReport {
  const names = [...new Set([...here, ...there].map(({ dependency }) => dependency))];
  const dependencies = names.map((dependency): Compared => {
    const mine = here.find((each) => each.dependency === dependency);
    const its = there.find((each) => each.dependency === dependency);
    const compared = compare(mine, its);
    return {
      dependency,
      required: mine?.required ?? its?.required ?? true,
      here: mine,
      service: its,
      comparison: compared.comparison,
      meaning: compared.meaning,
      step: compared.step,
    };
  });
  const [worse] = [judge(here), judge(there)].toSorted((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict]);
  const verdict = worse?.verdict ?? "inconclusive";
  return {
    schemaVersion: 1,
    command: "check",
    vantage: { kind: "both", url },
    verdict,
    exitCode: EXIT_CODES[verdict],
    summary: summarise(dependencies),
    dependencies,
    nextSteps: numberAll(dependencies),
  };
}

const SEVERITY = { go: 0, wait: 1, inconclusive: 2, stop: 3 } as const;

/** Of what is down, the steps of its cause, in the service's words where it has them; of what is up, the one that its comparison gives. */
function numberAll(all: readonly Compared[]): NextStep[] {
  const down = all.flatMap(({ comparison, here, service, step }) => {
    if (step !== undefined || comparison === "reached-by-both") return [];
    const told = comparison === "down-differently" ? [here, service] : [service ?? here];
    return told.filter((each) => each !== undefined && each.status !== "pass") as DependencyReport[];
  });
  const cut = all.flatMap(({ dependency, step: text, comparison, here, service }) => {
    const cause = (comparison === "not-from-here" ? here : service)?.cause?.code ?? "";
    return text === undefined ? [] : [{ dependency, cause, owner: "network", text }];
  });
  return [...numberSteps(down), ...cut].map((step, index) => Object.assign(step, { number: index + 1 }));
}

function summarise(all: readonly Compared[]): string {
  const of = (...wanted: readonly Compared["comparison"][]): string =>
    all
      .filter(({ comparison }) => wanted.includes(comparison))
      .map(({ dependency }) => dependency)
      .join(", ");
  const parts = [
    [of("down", "down-differently"), "down from both places"],
    [of("not-from-here"), "up, and not reached from this machine"],
    [of("not-from-service"), "up, and not reached by the service"],
    [of("not-compared"), "not compared"],
  ].flatMap(([names, what]) => (names === "" ? [] : [`${names}: ${what}`]));
  return parts.length === 0 ? `Both places reach all ${all.length} dependencies.` : `${parts.join("; ")}.`;
}
