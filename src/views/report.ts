import type { ActiveWaiver, Reason, Verdict } from "../../services/gate/verdict.ts";
/** views: what a command found, as one object, and the ways to show it. JSON and text come from the same object. */
import type { ChainView, CloudView } from "./chain-view.ts";
import type { Explanation } from "./explanation.ts";

/** One dependency as found. Those of a service carry what the service tells. */
export interface DependencyReport extends Explanation {
  readonly kind?: string | undefined;
  readonly required?: boolean | undefined;
  readonly durationMs?: number | undefined;
  /** The rung that broke, or the last one when all hold. */
  readonly reached?: string | undefined;
  readonly target?: {
    readonly host: string;
    readonly port: number;
    readonly database?: string;
    readonly user?: string;
    readonly tls: boolean;
  };
}

export interface NextStep {
  readonly number: number;
  readonly dependency: string;
  readonly cause: string;
  readonly owner: string;
  readonly text: string;
}

/** The result of `check` and of `why`. */
export interface Report {
  readonly schemaVersion: 1;
  readonly command: "check" | "why";
  /** Who looked: this process, or the service at `url`. */
  readonly vantage: { readonly kind: "here" } | { readonly kind: "service"; readonly url: string };
  /** Of `check`, and of `why` for a suite. */
  readonly verdict?: Verdict;
  readonly exitCode: number;
  /** One sentence. */
  readonly summary: string;
  readonly dependencies: readonly DependencyReport[];
  /** Only of `why`, for a suite. */
  readonly suite?: string;
  /** Only of `why`: what lies beneath, one chain for each root cause. */
  readonly chains?: readonly ChainView[];
  /** Only of `why`, from a service: how recent what it knows of the cloud is. */
  readonly cloud?: CloudView;
  /** Only of `check`: findings could stop it. */
  readonly strict?: true;
  /** Only of `check`: what was found, what stops a suite first; absent where there is nothing. */
  readonly reasons?: readonly Reason[];
  /** Only of `check`: findings that are accepted for now; absent where there is none. */
  readonly waivers?: readonly ActiveWaiver[];
  /** Over all dependencies, the required ones first. */
  readonly nextSteps: readonly NextStep[];
}

/** Numbers the steps of all that do not pass, those of required dependencies first. */
export function numberSteps(dependencies: readonly DependencyReport[]): NextStep[] {
  const ordered = [...dependencies].sort(
    (a, b) => Number(b.required !== false) - Number(a.required !== false),
  );
  return ordered
    .flatMap((each) => [stepsOf(each.dependency, each), ...stepsOfCandidates(each)].flat())
    .map((step, index) => Object.assign(step, { number: index + 1 }));
}

type Troubled = Pick<DependencyReport, "cause" | "nextSteps">;

const stepsOf = (dependency: string, { cause, nextSteps }: Troubled): Omit<NextStep, "number">[] =>
  nextSteps.map((text) => ({ dependency, cause: cause?.code ?? "", owner: cause?.owner ?? "", text }));

/** Of the candidates before the one that serves; the first one's failure is the dependency's own when nobody does. */
function stepsOfCandidates({
  dependency,
  cause,
  candidates = [],
}: DependencyReport): Omit<NextStep, "number">[][] {
  const serving = candidates.findIndex(({ serves }) => serves);
  const earlier = serving === -1 ? candidates : candidates.slice(0, serving);
  return earlier.flatMap((candidate, index) =>
    index === 0 && candidate.cause?.code === cause?.code
      ? []
      : [stepsOf(`${dependency}/${candidate.name}`, candidate)],
  );
}
