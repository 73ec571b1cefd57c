import type { Clock } from "../../services/clock.ts";
import { longestGap } from "../../services/gate/gap.ts";
import { createGate, type Gate } from "../../services/gate/gate.ts";
import type { Evaluation } from "../../services/gate/verdict.ts";
import { createMonitor, type Monitor } from "../../services/health/monitor.ts";
import type { Config } from "../config/config.ts";
import type { IndicatorOptions, JudgedSuite } from "./indicators.ts";
import { untilAborted } from "./until-aborted.ts";

type Judge = IndicatorOptions["judge"];

/** A service's own gate, after what the suite requires has been observed. */
export const judgeThere =
  ({ monitor, gate }: { readonly monitor: Monitor; readonly gate: Gate }): Judge =>
  async (suite, signal) => {
    const options = gate.find(suite);
    if (options === undefined) return undefined;
    const names = options.requirements.map(({ observed }) => observed);
    await untilAborted(monitor.observe(names.filter((name) => monitor.names.includes(name))), signal);
    return told(gate.evaluate(suite, { stableMs: 0 }));
  };

/** A monitor and a gate for one look. */
export const judgeFromHere =
  (
    config: Pick<Config, "dependencies" | "suiteDependencies" | "suites" | "probe"> & {
      readonly clock: Clock;
    },
  ): Judge =>
  async (name, signal) => {
    const { dependencies, suiteDependencies, suites, probe, clock } = config;
    const suite = suites.find((each) => each.name === name);
    if (suite === undefined) return undefined;
    const wanted = new Set(suite.requirements.map(({ observed }) => observed));
    const observed = [...dependencies, ...suiteDependencies].filter((each) => wanted.has(each.name));
    const monitor = createMonitor({ dependencies: observed, probe, clock });
    const gate = createGate({
      suites: [suite],
      monitor,
      clock,
      maxGapMs: () => longestGap(suite, observed),
    });
    try {
      await monitor.prepare();
      await untilAborted(monitor.observe(monitor.names), signal);
      return told(gate.evaluate(name, { stableMs: 0 }));
    } finally {
      gate.close();
      await monitor.stop();
    }
  };

const told = ({ verdict, reasons }: Evaluation): JudgedSuite => ({
  verdict,
  reasons: reasons.filter(({ effect }) => effect === "blocks").map(({ message }) => message),
});
