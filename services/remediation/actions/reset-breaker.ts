import type { BreakerState } from "../../probe/breaker.ts";
import type { Action, Outcome } from "../action.ts";
import { failed } from "./gcp.ts";
import { DEPENDENCY_RULE } from "./local-rules.ts";
import { readParams } from "./params.ts";
import { quoteWord } from "./shell.ts";

type Params = { readonly dependency: string };

const HERE =
  "breakers are in the service, and this process observes nothing: apply the plan through the service";

/**
 * Has the server behind an open breaker tried now. That costs a login, and what comes of it is a real observation: the
 * breaker closes when the server answers, and stays open when it does not.
 */
export function resetBreaker(): Action<Params> {
  return {
    kind: "reset-breaker",
    destructive: false,
    parse: (params) => readParams<Params>(params, { dependency: DEPENDENCY_RULE }),
    async assess({ dependency }, { breakers }) {
      if (breakers === undefined) return { kind: "refused", because: HERE };
      const found = breakers.state(dependency);
      if (found === undefined) return { kind: "refused", because: notObserved(dependency) };
      if (found.state === "closed")
        return { kind: "satisfied", evidence: `the breaker of ${dependency} is closed` };
      return {
        kind: "needed",
        change: {
          symbol: "~",
          target: `breaker of ${dependency}`,
          // Half open is open with a trial under way.
          before: "open",
          after: "closed, if the server answers a trial",
        },
        prior: "open",
      };
    },
    async apply({ dependency }, _prior, { breakers }, signal) {
      if (breakers === undefined) return failed(HERE);
      return tell(dependency, await breakers.reset(dependency, signal));
    },
    settle: async ({ dependency }, _prior, { breakers }) => tell(dependency, breakers?.state(dependency)),
    rollback: async ({ dependency }) => ({
      kind: "done",
      evidence: `nothing to take back: the breaker of ${dependency} opens again by itself when its server fails`,
    }),
    // Whether it is open follows from what the server answers, and dies with the process: nothing of this is there to be
    // taken back, or to stand in the way of taking back what came before it.
    locate: async () => "before",
    command: ({ dependency }) =>
      `curl -fsS -H "Authorization: Bearer $GREENLIGHT_TOKEN" "$GREENLIGHT_URL"/health/${quoteWord(encodeURIComponent(dependency))}'?fresh=1'`,
    permissions: () => [],
  };
}

const notObserved = (dependency: string): string => `nothing called ${dependency} is observed here`;

function tell(dependency: string, found: BreakerState | undefined): Outcome {
  if (found === undefined) return failed(notObserved(dependency));
  if (found.state === "open")
    return failed(`the server of ${dependency} was tried and does not answer: its breaker stays open`);
  if (found.state === "halfOpen")
    return { kind: "pending", because: `a trial of the server of ${dependency} is under way` };
  return {
    kind: "done",
    evidence: `the server of ${dependency} answered a trial, and its breaker is closed`,
  };
}
