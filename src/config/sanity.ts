/** Times that are right each by itself and wrong together. */
import type { ConfigFault, ConfigWarning } from "./config.ts";
import { formatDuration } from "../../services/duration.ts";
import { deadlinesOf, defaultsFor } from "./observed.ts";
import type { Parsed } from "./schema.ts";

interface TimesInput {
  readonly place: (path: string) => string;
  readonly report: (fault: ConfigFault) => void;
  readonly warn: (warning: ConfigWarning) => void;
}

interface Times {
  readonly interval: number;
  readonly deadlines: Parsed["probe"]["deadlines"];
  readonly warnAbove?: number | undefined;
}

/** Checks the shared times, and those of each dependency where they differ. */
export function checkTimes({ probe, dependencies }: Parsed, input: TimesInput): void {
  checkOne("probe", probe, probe, input);
  const { http, tcp, ...single } = dependencies;
  const all = [
    ...Object.entries(single),
    ...http.map((target, index) => [`http.${index}`, target] as const),
    ...tcp.map((target, index) => [`tcp.${index}`, target] as const),
  ];
  for (const [name, given] of all) {
    if (!given) continue;
    const own = given.interval !== undefined || Object.keys(given.deadlines).length > 0;
    if (!own && given.warnAbove === undefined) continue;
    const { interval = probe.interval, warnAbove } = given;
    const deadlines = deadlinesOf(given.deadlines, defaultsFor(name, probe));
    checkOne(`dependencies.${name}`, { interval, deadlines, warnAbove }, probe, input);
  }
}

function checkOne(
  at: string,
  times: Times,
  probe: Parsed["probe"],
  { place, report, warn }: TimesInput,
): void {
  const { total, query } = times.deadlines;
  for (const key of ["resolve", "connect", "query"] as const) {
    const path = `${at}.deadlines.${key}`;
    if (times.deadlines[key] <= total) continue;
    const expected = `at most the total deadline of ${formatDuration(total)}`;
    const found = formatDuration(times.deadlines[key]);
    report({ code: "CONFIG_INVALID_VALUE", where: place(path), path, expected, found });
  }
  const say = (key: string, message: string) =>
    warn({ where: place(`${at}.${key}`), path: `${at}.${key}`, message });
  if (2 * query >= times.interval) {
    say("deadlines.query", "two queries that time out take longer than the interval: changes show late");
  }
  if (total > probe.breaker.operation) {
    say("deadlines.total", "the breaker's `operation` ends a call before its total deadline");
  }
  if (probe.maxAge < times.interval) {
    say("interval", "longer than `probe.maxAge`: snapshots are stale before the next observation");
  }
  if (times.warnAbove !== undefined && times.warnAbove >= query) {
    say("warnAbove", "not below the query deadline: an observation this slow fails instead");
  }
}
