/** What every dependency can be told about being observed. */
import type { Deadlines } from "../../services/dependencies/options.ts";
import type { Parsed } from "./schema.ts";

type Probe = Parsed["probe"];
type ParsedDeadlines = Probe["deadlines"];
type GivenDeadlines = { readonly [K in keyof ParsedDeadlines]?: number | undefined };

interface Given {
  readonly required: boolean;
  readonly interval?: number | undefined;
  readonly warnAbove?: number | undefined;
  readonly deadlines: GivenDeadlines;
}

/** One discovery asks several servers, each with several round trips. */
const DISCOVERY_MS = 5000;

/** The deadlines of a dependency that says nothing about them. */
export function defaultsFor(kind: string, { deadlines }: Probe): ParsedDeadlines {
  return kind === "auth" ? { ...deadlines, total: DISCOVERY_MS } : deadlines;
}

export function deadlinesOf(given: GivenDeadlines, defaults: ParsedDeadlines): ParsedDeadlines {
  return {
    resolve: given.resolve ?? defaults.resolve,
    connect: given.connect ?? defaults.connect,
    query: given.query ?? defaults.query,
    total: given.total ?? defaults.total,
  };
}

/** The members of its options that every kind has, in milliseconds. */
export function resolveObserved(
  { required, interval, warnAbove, deadlines }: Given,
  probe: Probe,
  kind = "",
) {
  return {
    required,
    intervalMs: interval ?? probe.interval,
    ...(warnAbove !== undefined && { warnAboveMs: warnAbove }),
    deadlines: inMs(deadlinesOf(deadlines, defaultsFor(kind, probe))),
  };
}

function inMs({ resolve, connect, query, total }: ParsedDeadlines): Deadlines {
  return { resolveMs: resolve, connectMs: connect, queryMs: query, totalMs: total };
}
