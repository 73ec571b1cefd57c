import type { Figures } from "../figures.ts";
import { fixed, whole } from "./numbers.ts";
import { table } from "./table.ts";

/** How long answers take, a table for each load. */
export function latencyBlocks({ latency = [] }: Figures): readonly string[] {
  const loads = [...new Set(latency.map(({ load, connections }) => `${load}, ${connections}`))];
  return loads.flatMap((wanted) => {
    const lines = latency.filter(({ load, connections }) => `${load}, ${connections}` === wanted);
    const [first] = lines;
    return [
      `### ${first?.connections} connections, ${first?.load} load`,
      first?.load === "full"
        ? "Each connection asks again as soon as it has its answer, which keeps any server saturated; in slices of five seconds, on connections that are accepted before the first request."
        : "Each connection rests after an answer, so that all together ask for at most half of what the slowest server here can give; what is left is the server's own time.",
      table(
        [
          ["server", "left"],
          ["slices", "right"],
          ["requests/s", "right"],
          ["p50 ms", "right"],
          ["p99 ms", "right"],
          ["worst p99 ms", "right"],
        ],
        lines.map(({ name, slices, requestsPerSecond, p50Ms, p99Ms, worstP99Ms }) => [
          name,
          String(slices),
          whole(requestsPerSecond),
          fixed(p50Ms),
          fixed(p99Ms),
          fixed(worstP99Ms),
        ]),
      ),
    ];
  });
}
