import type { Figures } from "../figures.ts";
import { duration, spreadText, whole } from "./numbers.ts";
import { table } from "./table.ts";

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
