import type { Finding } from "../findings/finding.ts";
import type { Gate } from "../gate/gate.ts";
import type { Check } from "../health/check.ts";
import { explainChains } from "./chain.ts";
import { summariseChains } from "./summary.ts";
import type { Chain } from "./root-cause.ts";
import { symptomOf } from "./symptom.ts";
import type { Warm, WarmFacts } from "./warm-facts.ts";

/** How recent what is told of the cloud is. */
export interface CloudAge {
  /** `none`: no cloud is configured, or nothing calls for it. `reading`: for the first time. */
  readonly state: "none" | "reading" | "known";
  readonly ageMs?: number;
  readonly refreshing: boolean;
}

export interface WhyAnswer {
  readonly chains: readonly Chain[];
  readonly cloud: CloudAge;
}

export interface SuiteAnswer extends WhyAnswer {
  readonly suite: string;
  readonly verdict: string;
  /** One sentence. */
  readonly summary: string;
}

/** Answers from what is known, without waiting for anything. */
export interface Why {
  /** `answers`: a climb made for the question holds. */
  dependency(check: Check, answers: boolean): WhyAnswer;
  /** `name` must be that of a suite. */
  suite(name: string): SuiteAnswer;
  readonly suites: readonly string[];
  close(): void;
}

/** What was found. */
export interface Found {
  /** Not accepted by anybody. */
  readonly open: readonly { readonly finding: Finding; readonly source: string }[];
  /** Ids that somebody has accepted, and still does. */
  readonly waived: ReadonlySet<string>;
}

export interface WhyOptions {
  readonly gate: Pick<Gate, "evaluate" | "checks" | "suites">;
  /** Those that count now, with the area each was found in. */
  readonly findings: () => Found;
  /** Absent: no cloud is configured. */
  readonly warm?: WarmFacts | undefined;
}

/** What somebody has configured to be watched: told of a suite though nobody is strict. */
const ASKED_FOR: ReadonlySet<string> = new Set(["policy", "drift"]);

export function createWhy({ gate, findings, warm }: WhyOptions): Why {
  return {
    suites: gate.suites.map(({ name }) => name),
    dependency(check, answers) {
      const symptom = symptomOf(check, answers);
      const symptoms = symptom === undefined ? [] : [symptom];
      const known = symptoms.length === 0 ? undefined : warm?.current(symptoms);
      const about = findings().open.flatMap(({ finding }) =>
        finding.place?.kind === "dependency" &&
        finding.place.name === check.name &&
        finding.severity !== "note"
          ? [finding]
          : [],
      );
      const chains = explainChains({
        subject: { kind: "dependency", name: check.name },
        symptoms,
        findings: about,
        ...(known === undefined ? {} : { cloud: known.cloud, pending: known.pending }),
      });
      return { chains, cloud: ageOf(known, false) };
    },
    suite(name) {
      const evaluation = gate.evaluate(name);
      const symptoms = [...gate.checks(name).values()].flatMap((check) => symptomOf(check) ?? []);
      const known = warm?.current(symptoms, { service: true });
      const blocking = evaluation.reasons.flatMap(({ finding, effect }) =>
        finding !== undefined && effect === "blocks" ? [finding] : [],
      );
      const { open, waived } = findings();
      const watched = open.flatMap(({ finding, source }) =>
        ASKED_FOR.has(source) && finding.severity === "error" ? [finding] : [],
      );
      const byId = new Map([...watched, ...blocking].map((each) => [each.id, each]));
      const chains = explainChains({
        subject: { kind: "suite", name },
        evaluation,
        symptoms,
        findings: [...byId.values()],
        waived,
        ...(known === undefined
          ? {}
          : { cloud: known.cloud, pending: known.pending, service: known.service }),
      });
      const { verdict } = evaluation;
      return {
        suite: name,
        verdict,
        summary: summariseChains({ suite: name, verdict }, chains),
        chains,
        cloud: ageOf(known, true),
      };
    },
    close() {
      warm?.close();
    },
  };
}

function ageOf(known: Warm | undefined, ofSuite: boolean): CloudAge {
  if (known === undefined) return { state: "none", refreshing: false };
  const { pending, ageMs, refreshing } = known;
  if (pending.size > 0) return { state: "reading", refreshing };
  if (ageMs !== undefined) return { state: "known", ageMs: Math.round(ageMs), refreshing };
  return { state: ofSuite && refreshing ? "reading" : "none", refreshing };
}
