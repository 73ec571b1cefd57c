import type { Figures } from "../figures.ts";
import { duration, fixed, spreadText, whole } from "./numbers.ts";
import { table } from "./table.ts";

/** Latency below saturation. */
export function latencyTable({ latency = [] }: Figures): string {
  return table(
    [
      ["server", "left"],
      ["slices", "right"],
      ["requests/s", "right"],
      ["p50 ms", "right"],
      ["p99 ms", "right"],
      ["worst p99 ms", "right"],
    ],
    latency.map(({ name, slices, requestsPerSecond, p50Ms, p99Ms, worstP99Ms }) => [
      name,
      String(slices),
      whole(requestsPerSecond),
      fixed(p50Ms),
      fixed(p99Ms),
      fixed(worstP99Ms),
    ]),
  );
}

/** What proof of who asks costs. */
export function accessTable({ access = [] }: Figures): string {
  return table(
    [
      ["caller", "left"],
      ["connections", "right"],
      ["requests/s", "right"],
      ["× mode none", "right"],
      ["CPU × mode none", "right"],
      ["× mode none, same bytes", "right"],
      ["not 2xx", "right"],
    ],
    access.map(({ name, connections, requestsPerSecond, toNone, cpuToNone, toSameBytes, bad }) => [
      name,
      String(connections),
      whole(requestsPerSecond),
      spreadText(toNone),
      spreadText(cpuToNone),
      toSameBytes === undefined ? "" : spreadText(toSameBytes),
      whole(bad),
    ]),
  );
}

/** What a caller of `/health/auth` meets. */
export function discoveryText({ discovery }: Figures): string {
  if (discovery === undefined) return "";
  const { firstMs, polls, slowestMs, p99Ms, notOk } = discovery;
  return (
    `Four candidates of the auth service, three of which accept connections and stay silent. The fourth served ${duration(firstMs)} ` +
    `after the first answer of the process. From then on, asked every 20 ms while discoveries went on: ${whole(polls)} answers, ` +
    `slowest ${duration(slowestMs)} (p99 ${duration(p99Ms)}), ${whole(notOk)} other than 200.`
  );
}
