import { accessGoals, discoveryGoals } from "./auth-goals.ts";
import { contextGoals } from "./context-goals.ts";
import type { Counts } from "./counters.ts";
import { faultGoals } from "./fault-goals.ts";
import { lintGoals } from "./lint-goals.ts";
import { remediationGoals } from "./remediation-goals.ts";
import { gateGoals } from "./gate-goals.ts";
import type { Figures } from "./figures.ts";
import { type Goal, type Target, toTarget } from "./goal.ts";
import { connectionCounts, downName, type Throughput } from "./parts/throughput.ts";
import type { Latency } from "./parts/latency.ts";
import { databaseMoment, readyMoment } from "./parts/start.ts";
import { bareFastify, constant, ours } from "./servers.ts";
import { maximum } from "./statistics.ts";

/** Holds the figures of a run against the targets of the project. */
export function evaluateTargets(figures: Figures): readonly Target[] {
  return [
    ...connectionCounts.flatMap((connections) => throughputGoals(figures, connections)),
    ...latencyGoals(figures),
    ...accessGoals(figures),
    ...discoveryGoals(figures),
    ...contextGoals(figures),
    ...lintGoals(figures),
    ...remediationGoals(figures),
    ...gateGoals(figures),
    ...observationGoals(figures),
    ...faultGoals(figures.faults),
    ...startGoals(figures),
    memoryGoal(figures),
  ].map(toTarget);
}

function throughputGoals({ throughput }: Figures, connections: number): readonly Goal[] {
  const of = (name: string): Throughput | undefined =>
    throughput?.find((each) => each.name === name && each.connections === connections);
  const own = of(ours.name);
  const down = of(downName);
  const at = `${connections} connections`;
  const ratio = { unit: "×", digits: 2 } as const;
  return [
    { ...ratio, what: `Healthy rate to bare Fastify, ${at}`, least: 1.1, value: own?.toBareFastify.median },
    {
      ...ratio,
      what: `Healthy rate to bare node:http, ${at}`,
      least: 0.97,
      value: own?.toBareNodeHttp.median,
    },
    {
      ...ratio,
      what: `CPU per request to bare Fastify, ${at}`,
      most: 0.9,
      value: own?.cpuToBareFastify.median,
    },
    {
      ...ratio,
      what: `Rate with all backends down to healthy, ${at}`,
      least: 0.9,
      value: down?.toOurs.median,
    },
  ];
}

/** Under full load, beside what the limit takes then, and below saturation. */
function latencyGoals({ latency }: Figures): readonly Goal[] {
  const of = (name: string, load: Latency["load"], connections: number): number | undefined =>
    latency?.find((each) => each.name === name && each.load === load && each.connections === connections)
      ?.p99Ms;
  const goal = (load: Latency["load"], connections: number, beside: string, remark?: string): Goal => ({
    unit: " ms",
    digits: 2,
    most: 5,
    what: `p99 with all backends down, ${connections} connections${beside}`,
    value: of(downName, load, connections),
    remark,
  });
  const full = connectionCounts.map((connections) => {
    const bare = of(bareFastify.name, "full", connections)?.toFixed(2);
    const limit = of(constant.name, "full", connections)?.toFixed(2);
    return goal("full", connections, "", `in the same run bare Fastify ${bare} ms, a constant ${limit} ms`);
  });
  const most = Math.max(...connectionCounts);
  return [...full, goal("half", most, " that ask for at most half of the highest rate")];
}

function observationGoals({ observations }: Figures): readonly Goal[] {
  return [
    {
      what: "Observations of each backend in an interval, idle and under full load",
      unit: "",
      digits: 2,
      most: 1.1,
      value: most(observations?.own.map((each) => each.perInterval)),
    },
    {
      what: "Observations of a backend at one time",
      unit: "",
      digits: 0,
      most: 1,
      value: most(observations?.own.map((each) => each.mostSessions)),
    },
  ];
}

/** The largest count of any backend. */
const most = (counts: readonly Counts[] | undefined): number | undefined =>
  counts && maximum(counts.flatMap((each) => [each.postgres, each.clickhouse, each.redis]));

function startGoals({ start }: Figures): readonly Goal[] {
  const ratioOf = (moment: string): number | undefined =>
    start?.find(({ what }) => what === moment)?.toBareFastify.median;
  const ratio = { unit: "×", digits: 2 } as const;
  return [
    {
      ...ratio,
      what: "Start to the first 200 of /health/ready, to bare Fastify",
      most: 1.5,
      value: ratioOf(readyMoment),
    },
    {
      ...ratio,
      what: "Start to the first 200 of /health/database, to bare Fastify",
      most: 1.8,
      value: ratioOf(databaseMoment),
    },
  ];
}

function memoryGoal({ memory }: Figures): Goal {
  const of = (wanted: string): number =>
    memory?.find(({ name }) => name === wanted)?.residentMiB.median ?? Number.NaN;
  return {
    what: "Idle memory over bare Fastify",
    unit: " MiB",
    digits: 1,
    most: 15,
    value: of(ours.name) - of(bareFastify.name),
  };
}
