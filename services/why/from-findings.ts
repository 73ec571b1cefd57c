import { ordered, type Part } from "./part.ts";
import type { Finding } from "../findings/finding.ts";
import { findingDefinition, type FindingCode } from "../findings/table.ts";
import { readFlags } from "../policy/read-flags.ts";
import type { CloudFacts } from "./cloud.ts";
import { api, link, show, type Shown } from "./hypothesis.ts";
import type { ProposedAction } from "./proposed-action.ts";
import type { Evidence } from "./root-cause.ts";

const PERMISSIVE: ReadonlySet<FindingCode> = new Set([
  "FLAG_BYPASS",
  "ENV_BYPASS_EXPIRED",
  "ENV_BYPASS_UNLIMITED",
  "ENV_PERMISSIVE",
  "ENV_TLS_UNVERIFIED",
  "ENV_TLS_OFF",
  "DEPLOYMENT_PERMISSIVE",
]);
const MARKERS: ReadonlySet<FindingCode> = new Set(["MARKER_UNREGISTERED"]);
const AWAITS: ReadonlySet<FindingCode> = new Set(["AWAIT_NOT_ASYNC", "COROUTINE_NOT_AWAITED"]);
const DRIFT: ReadonlySet<FindingCode> = new Set([
  "DRIFT_CHANGED",
  "DRIFT_ADDED",
  "DRIFT_REMOVED",
  "DRIFT_RENAMED",
]);

/** Told of one kind; whatever more there is, is counted. */
const TOLD = 5;

export interface FindingsInput {
  readonly findings: readonly Finding[];
  /** Of the service itself: a variable may switch a protection off there that nobody finds here. */
  readonly cloud?: CloudFacts | undefined;
  /** Ids of findings that somebody has accepted, and still does. */
  readonly waived?: ReadonlySet<string> | undefined;
  /** Where the suite's files are, for the actions that mend them. */
  readonly folder?: string | undefined;
}

/** Pure: the roots that findings lead to; those of one kind are one. */
export function findingParts({
  findings,
  cloud,
  waived = new Set(),
  folder = ".",
}: FindingsInput): readonly Part[] {
  const sorted = ordered(findings, ({ id }) => id);
  const of = (codes: ReadonlySet<FindingCode>) => sorted.filter(({ code }) => codes.has(code));
  const known = [PERMISSIVE, MARKERS, AWAITS, DRIFT];
  const rest = sorted.filter(({ code }) => !known.some((codes) => codes.has(code)));
  const parts = [
    permissive(
      of(PERMISSIVE),
      overridesOf(cloud).filter(({ name }) => !waived.has(`FLAG_BYPASS:${name}`)),
      cloud,
    ),
    grouped(of(MARKERS), "MARKERS_UNREGISTERED", folder, { kind: "register-markers", params: { folder } }),
    grouped(of(AWAITS), "AWAITS_WRONG", folder, { kind: "fix-awaits", params: { folder } }),
    grouped(of(DRIFT), "CONFIG_DRIFTED", folder, {
      kind: "manual",
      params: {
        instructions: of(DRIFT)
          .slice(0, TOLD)
          .flatMap(({ remedies }) => remedies.slice(0, 1)),
      },
    }),
  ];
  return [...parts.flatMap((each) => (each === undefined ? [] : [partOf(each)])), ...rest.map(ownFinding)];
}

const partOf = ({ root, about, links, missing, notHelpful }: Shown): Part => ({
  root,
  about,
  links,
  ruledOut: [],
  missing,
  notHelpful,
  confidence: missing.length === 0 ? "certain" : "likely",
});

const evidenceOf = ({ id, message }: Finding): Evidence => ({ kind: "finding", source: id, found: message });

function listed(evidence: readonly Evidence[], source: string): readonly Evidence[] {
  const more = evidence.length - TOLD;
  if (more <= 0) return evidence;
  return [...evidence.slice(0, TOLD), { kind: "finding", source, found: `${more} more like these` }];
}

/** What switches a protection off: found in files and variables here, or set on the service. */
function permissive(
  findings: readonly Finding[],
  set: ReturnType<typeof overridesOf>,
  cloud: CloudFacts | undefined,
): Shown | undefined {
  if (findings.length + set.length === 0) return undefined;
  const onService = new Set(set.map(({ name }) => name));
  const elsewhere = findings.filter(
    ({ place }) => !(place?.kind === "variable" && onService.has(place.name)),
  );
  const service = cloud?.target.service ?? "";
  const evidence = [
    ...set.map(({ name }) => api(`run service ${service}`, `the variable ${name} is set and not false`)),
    ...findings.map(evidenceOf),
  ];
  const names = [
    ...onService,
    ...elsewhere.map(({ place, id }) => (place?.kind === "variable" ? place.name : id)),
  ];
  const actions: readonly ProposedAction[] = [
    ...set.map(({ action }) => action),
    ...(elsewhere.length === 0
      ? []
      : [
          {
            kind: "manual",
            params: {
              instructions: elsewhere.slice(0, TOLD).flatMap(({ remedies }) => remedies.slice(0, 1)),
            },
          } as const,
        ]),
  ];
  const [first = ""] = names;
  const many = names.length > 1 ? ` and ${names.length - 1} more` : "";
  const where = set.length > 0 ? ` on the Cloud Run service ${service}` : "";
  return show({
    code: "PERMISSIVE_OVERRIDE",
    about: "overrides",
    links: [link(`${first}${many} switches a protection off${where}`, ...listed(evidence, "overrides"))],
    actions,
    facts: {
      variable: names.slice(0, TOLD).join(", "),
      place: set.length > 0 ? `run service ${service}` : "where it is set",
    },
  });
}

/** Values may be secret: only names are told. */
function overridesOf(cloud: CloudFacts | undefined) {
  if (cloud?.run?.kind !== "known") return [];
  const { project, region } = cloud.target;
  const { service, template } = cloud.run.value;
  return template.containers.flatMap((container) => {
    const plain = container.env.flatMap((each) => (each.kind === "plain" ? [[each.name, each.value]] : []));
    const { bypasses } = readFlags(Object.fromEntries(plain) as Record<string, string>);
    // With several containers the name tells which; with one the API does not ask for it.
    const which =
      template.containers.length > 1 && container.name !== undefined ? { container: container.name } : {};
    return bypasses.map((name) => ({
      name,
      action: { kind: "set-variable", params: { project, region, service, name, ...which } } as const,
    }));
  });
}

function grouped(
  findings: readonly Finding[],
  code: "MARKERS_UNREGISTERED" | "AWAITS_WRONG" | "CONFIG_DRIFTED",
  folder: string,
  action: ProposedAction,
): Shown | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : "";
  return show({
    code,
    about: code,
    links: [link(`${first.message.replace(/\.$/, "")}${more}`, ...listed(findings.map(evidenceOf), code))],
    actions: [action],
    facts: { folder },
  });
}

/** Nothing lies beneath it: it is its own root. */
function ownFinding(finding: Finding): Part {
  const { code, id, message, owner, remedies } = finding;
  const { title, explanation } = findingDefinition(code);
  return {
    root: { code, title, explanation, owner, remedies, actions: [] },
    about: id,
    links: [link(message.replace(/\.$/, ""), evidenceOf(finding))],
    ruledOut: [],
    missing: [],
    notHelpful: [],
    confidence: "certain",
  };
}
