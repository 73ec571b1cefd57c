import type { Incident } from "../history/incident.ts";
import { compatible } from "./families.ts";
import { overlapOf } from "./overlap.ts";
import { portsOf, type Recognised, recognise, type Words } from "./recognise.ts";
import type { Attribution, Evidence, Judged, TestResult } from "./result.ts";
import { because, type Grounds } from "./because.ts";
import type { Span } from "./times.ts";

/** Where a dependency is, as far as it tells whose words a failure's are. */
export interface DependencyFacts {
  readonly kind: string;
  readonly port?: number | undefined;
}

export interface AttributeContext {
  readonly incidents: readonly Incident[];
  readonly run: Span;
  /** By name. Without it a dependency that is called as a kind is of that kind. */
  readonly dependencies?: Readonly<Record<string, DependencyFacts>> | undefined;
}

/**
 * Pure: whose fault one red test is. `environment` needs both: the failure's own words, and an incident that was observed
 * meanwhile and that they fit. Whatever is in doubt is not `environment`.
 *
 * @param recognised what the words of the whole text said, where the test's has been cut since
 */
export function attribute(
  test: TestResult,
  context: AttributeContext,
  recognised: Recognised = recognise(test.failure),
): Judged {
  const { words, asserts } = recognised;
  const interval = test.interval ?? { ...context.run, precision: "suite" as const };
  const met = context.incidents
    .filter(({ status }) => status !== "warn")
    .map((incident) => ({ incident, overlap: overlapOf(interval, incident) }))
    .filter(({ overlap }) => overlap !== "none");
  // What was not known proves no failure.
  const failed = met.filter(({ incident }) => incident.status === "fail");
  const matches = words.map((each) => ({
    words: each,
    fits: failed
      .map(({ incident, overlap }) => ({ incident, overlap, fit: fitOf(each, incident, context) }))
      .filter(({ fit }) => fit !== "none"),
  }));
  const fitting = matches.flatMap(({ fits }) => fits);
  const grounds: Grounds = {
    words,
    asserts,
    incidents: failed.map(({ incident }) => incident),
    unknown: met.length > failed.length,
    certain: failed.some(({ overlap }) => overlap === "certain"),
    fitting: [...new Set(fitting.map(({ incident }) => incident))],
    allFit: matches.every(({ fits }) => fits.length > 0),
    proven: fitting.some(({ fit, overlap }) => fit === "named" || overlap === "certain"),
  };
  const attribution = decide(grounds);
  const shownIncidents =
    attribution === "environment" ? grounds.fitting : met.map(({ incident }) => incident);
  return {
    test,
    attribution,
    because: because(attribution, grounds),
    evidence: [
      ...shownIncidents.map((incident): Evidence => toEvidence(incident, interval.precision)),
      ...words.map(wordsEvidence),
    ],
  };
}

/** The rules, from what was found. */
function decide({
  words,
  asserts,
  incidents,
  unknown,
  certain,
  fitting,
  allFit,
  proven,
}: Grounds): Attribution {
  const speaks = words.length > 0;
  if (incidents.length === 0) return speaks || (unknown && !asserts) ? "undetermined" : "test";
  if (asserts) return "mixed";
  if (fitting.length > 0) return !allFit ? "mixed" : proven ? "environment" : "undetermined";
  return certain ? "mixed" : "undetermined";
}

/** `named`: the words show whose they are, and it is this one; `possible`: nothing speaks against it. */
function fitOf(
  words: Words,
  incident: Incident,
  { dependencies }: AttributeContext,
): "none" | "possible" | "named" {
  const { dependency, cause, codes } = incident;
  if (!compatible(words.code, [cause.code, ...codes])) return "none";
  const facts =
    dependencies !== undefined && Object.hasOwn(dependencies, dependency)
      ? dependencies[dependency]
      : undefined;
  const kind = facts?.kind ?? kindByName(dependency);
  const ports = facts?.port === undefined ? portsOf(cause.message) : [facts.port];
  if (kind !== undefined && words.kinds.length > 0) {
    if (!words.kinds.some((each) => each === kind)) return "none";
    if (words.kinds.length === 1) return "named";
  }
  if (words.ports.length > 0 && ports.length > 0)
    return words.ports.some((port) => ports.includes(port)) ? "named" : "none";
  return "possible";
}

const KINDS: ReadonlySet<string> = new Set(["postgres", "clickhouse", "redis", "auth", "websocket"]);

/** `postgres`, and `postgres@e2e`. */
function kindByName(name: string): string | undefined {
  const base = name.replace(/@.*$/s, "");
  return KINDS.has(base) ? base : undefined;
}

const toEvidence = (
  { id, dependency, startedAt, endedAt, status, cause: { code, title, rung } }: Incident,
  overlap: NonNullable<TestResult["interval"]>["precision"],
): Evidence => ({
  kind: "incident",
  incident: {
    id,
    dependency,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    status,
    code,
    title,
    rung,
  },
  overlap,
});

function wordsEvidence({ code, kinds, matched }: Words): Evidence {
  const [dependencyKind] = kinds;
  const evidence = { kind: "text", code, matched } as const;
  return dependencyKind === undefined || kinds.length > 1 ? evidence : { ...evidence, dependencyKind };
}
