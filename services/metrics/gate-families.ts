import type { Gate } from "../gate/gate.ts";
import type { Evaluation, Verdict } from "../gate/verdict.ts";
import type { Incidents } from "../history/incidents.ts";
import type { Family, Sample } from "./exposition.ts";

const VERDICTS: readonly Verdict[] = ["go", "wait", "stop", "inconclusive"];

/** Answers that were given to callers; the labels are the suites of the configuration. */
export interface Decisions {
  count(evaluation: Pick<Evaluation, "suite" | "verdict">): void;
  of(suite: string, verdict: Verdict): number;
}

export function createDecisions(): Decisions {
  const counts = new Map<string, number>();
  return {
    count({ suite, verdict }) {
      counts.set(key(suite, verdict), (counts.get(key(suite, verdict)) ?? 0) + 1);
    },
    of: (suite, verdict) => counts.get(key(suite, verdict)) ?? 0,
  };
}

const key = (suite: string, verdict: Verdict): string => `${suite} ${verdict}`;

export interface GateFamiliesOptions {
  readonly gate: Pick<Gate, "suites" | "evaluate" | "waiting">;
  readonly decisions: Decisions;
  readonly incidents: Pick<Incidents, "counts">;
  /** Of which incidents are shown. */
  readonly dependencies: readonly string[];
}

/** What the gate says and does. */
export function gateFamilies({ gate, decisions, incidents, dependencies }: GateFamiliesOptions): Family[] {
  const suites = gate.suites.map(({ name }) => name);
  const each = (value: (suite: string, verdict: Verdict) => number): Sample[] =>
    suites.flatMap((suite) => VERDICTS.map((verdict): Sample => [{ suite, verdict }, value(suite, verdict)]));
  const current = new Map(suites.map((suite) => [suite, gate.evaluate(suite).verdict]));
  return [
    {
      name: "greenlight_gate_verdict",
      type: "gauge",
      help: "1 for the verdict that holds now.",
      samples: each((suite, verdict) => Number(current.get(suite) === verdict)),
    },
    {
      name: "greenlight_gate_waiting",
      type: "gauge",
      help: "Requests that are held until there is a verdict.",
      samples: suites.map((suite): Sample => [{ suite }, gate.waiting(suite)]),
    },
    {
      name: "greenlight_gate_decisions_total",
      type: "counter",
      help: "Answers that the gate has given.",
      samples: each((suite, verdict) => decisions.of(suite, verdict)),
    },
    {
      name: "greenlight_incidents_total",
      type: "counter",
      help: "Times that a dependency stopped passing.",
      samples: dependencies.map((dependency): Sample => [
        { dependency },
        incidents.counts.get(dependency) ?? 0,
      ]),
    },
  ];
}
