import type { Finding } from "../findings/finding.ts";
import type { Evaluation } from "../gate/verdict.ts";
import type { CloudFacts } from "./cloud.ts";
import { diagnose, type Vantage } from "./diagnose.ts";
import { findingParts } from "./from-findings.ts";
import { reasonParts } from "./from-reasons.ts";
import { link } from "./hypothesis.ts";
import { ordered, type Part, unique } from "./part.ts";
import type { Chain, Confidence, Evidence, Link, Subject } from "./root-cause.ts";
import { ROOT_CAUSES } from "./root-causes.ts";
import { observationOf, type Symptom } from "./symptom.ts";

export interface ChainsInput {
  readonly subject: Subject;
  /** Of a suite. */
  readonly evaluation?: Pick<Evaluation, "verdict" | "reasons"> | undefined;
  /** Of what does not pass among the suite's dependencies, or of the one dependency. */
  readonly symptoms: readonly Symptom[];
  /** Those that count: not accepted by anybody. */
  readonly findings: readonly Finding[];
  /** By dependency. */
  readonly cloud?: ReadonlyMap<string, CloudFacts>;
  /** Of which dependencies what the cloud says is being read. */
  readonly pending?: ReadonlySet<string>;
  /** Of the service by itself. */
  readonly service?: CloudFacts | undefined;
  readonly folder?: string | undefined;
  /** Ids of findings that somebody has accepted, and still does. */
  readonly waived?: ReadonlySet<string> | undefined;
  /** Default: the service. */
  readonly vantage?: Vantage;
}

/** Nothing was seen, so there is nothing to explain. */
const UNSEEN: ReadonlySet<string> = new Set(["NOT_EVALUATED", "STALE"]);

const MAX_LINKS = 5;
/** As many as a reader takes in. */
const MAX_LISTED = 12;

/**
 * Pure: from what is seen of a suite or a dependency down to what is to be put right, one chain for each root cause, the
 * one to begin with first. Empty where nothing is wrong. The order in which facts are handed over makes no difference.
 */
export function explainChains(input: ChainsInput): readonly Chain[] {
  const { subject, evaluation, cloud, service, folder, waived, vantage = "service", pending } = input;
  const symptoms = new Map(
    ordered(input.symptoms, (each) => JSON.stringify(each))
      // Of a suite its reason says that better: nothing is known to be broken.
      .filter(({ cause }) => evaluation === undefined || !UNSEEN.has(cause.code))
      .map((each) => [each.dependency, each]),
  );
  const parts = [
    ...[...symptoms.values()].flatMap((symptom) => {
      const facts = cloud?.get(symptom.dependency);
      const its = { symptom, pending: pending?.has(symptom.dependency) === true };
      return diagnose(facts === undefined ? its : { ...its, facts }, vantage);
    }),
    ...reasonParts(
      (evaluation?.reasons ?? []).filter((each) => !isTold(each, symptoms)),
      subject.name,
    ),
    ...findingParts({ findings: input.findings, cloud: service, folder, waived }),
  ];
  const groups = Map.groupBy(parts, ({ root, about }) => `${root.code} ${about}`);
  const chains = [...groups.values()].map((group) =>
    join(
      ordered(group, ({ dependency = "" }) => dependency),
      { subject, evaluation, symptoms },
    ),
  );
  return ordered(chains, sortKey);
}

/** A dependency that has a symptom explains its reason better than the reason does. */
const isTold = (
  { dependency }: { readonly dependency?: string },
  symptoms: ReadonlyMap<string, Symptom>,
): boolean => dependency !== undefined && symptoms.has(dependency);

const RANKS = Object.keys(ROOT_CAUSES);

/** What is certain comes first, then in the order of the table, causes and findings of their own behind it. */
function sortKey({ root, confidence, dependencies, links }: Chain): string {
  const found = RANKS.indexOf(root.code);
  const rank = String(found === -1 ? RANKS.length : found).padStart(3, "0");
  const sure = { certain: 0, likely: 1, none: 2 }[confidence];
  return `${sure} ${rank} ${root.code} ${dependencies.join(",")} ${links.at(-1)?.statement ?? ""}`;
}

interface Surroundings {
  readonly subject: Subject;
  readonly evaluation: Pick<Evaluation, "verdict" | "reasons"> | undefined;
  readonly symptoms: ReadonlyMap<string, Symptom>;
}

const SURE: readonly Confidence[] = ["certain", "likely", "none"];

/** Parts of one root, at least one. */
function join(parts: readonly Part[], around: Surroundings): Chain {
  const [first] = parts;
  if (first === undefined) throw new TypeError("a chain needs a part");
  const dependencies = unique(parts.flatMap(({ dependency }) => dependency ?? []));
  const ruledOut = unique(parts.flatMap((part) => part.ruledOut));
  const missing = unique(parts.flatMap((part) => part.missing));
  const worst = Math.max(...parts.map(({ confidence }) => SURE.indexOf(confidence)));
  const { actions } = first.root;
  const all = unique([...actions, ...parts.flatMap(({ root }) => root.actions)]);
  return {
    subject: around.subject,
    dependencies,
    links: [...lead(dependencies, around), ...joinLinks(parts)].slice(0, MAX_LINKS),
    root: { ...first.root, actions: all },
    ruledOut: ruledOut.slice(0, MAX_LISTED),
    missing: missing.slice(0, MAX_LISTED),
    notHelpful: unique(parts.flatMap((part) => part.notHelpful)),
    confidence: SURE[worst] ?? "none",
  };
}

/** From the suite, if it is one, to the dependencies that fail for one reason. */
function lead(dependencies: readonly string[], { subject, evaluation, symptoms }: Surroundings): Link[] {
  const seen = dependencies.flatMap((name) => symptoms.get(name) ?? []);
  return [
    ...(subject.kind === "suite" ? [suiteLink(subject.name, evaluation)] : []),
    ...(seen.length === 0
      ? []
      : [
          link(
            `${listOf(seen.map(({ dependency }) => dependency))} ${verb(seen)}`,
            ...seen.map(observationOf),
          ),
        ]),
  ];
}

function suiteLink(name: string, evaluation: Surroundings["evaluation"]): Link {
  const verdict = evaluation?.verdict ?? "inconclusive";
  const blocking = (evaluation?.reasons ?? []).filter(({ effect }) => effect === "blocks");
  const codes = ordered(unique(blocking.map(({ code }) => code)), (code) => code).join(", ");
  const evidence: Evidence = {
    kind: "observation",
    source: "gate",
    found: `${verdict}${codes === "" ? ", nothing blocks" : `: ${codes}`}`,
  };
  return link(
    verdict === "go" ? `suite ${name} is go, and proves less than it seems` : `suite ${name} is ${verdict}`,
    evidence,
  );
}

function verb(seen: readonly Symptom[]): string {
  const fails = seen.some(({ status }) => status === "fail");
  const one = seen.length === 1;
  if (fails) return one ? "fails" : "fail";
  return one ? "does not plainly pass" : "do not plainly pass";
}

export function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Link by link; the same statement of several is told once, with the evidence of all. */
function joinLinks(parts: readonly Part[]): Link[] {
  const depth = Math.max(...parts.map(({ links }) => links.length));
  return Array.from({ length: depth }, (_, index) => {
    const links = parts.flatMap((part) => part.links[index] ?? []);
    const statements = unique(links.map(({ statement }) => statement));
    const [first = "", ...others] = statements;
    return {
      statement: others.length > 2 ? `${first}; and ${others.length} more` : statements.join("; "),
      evidence: unique(links.flatMap(({ evidence }) => evidence)).slice(0, MAX_LISTED),
    };
  });
}
