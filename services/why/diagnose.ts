import { causeOf, type CauseCode } from "../causes.ts";
import { connector, noEgress } from "./hypotheses-egress.ts";
import { notAttached, secretUnreadable } from "./hypotheses-attached.ts";
import { apiDisabled, instanceMissing, instanceNotReady, instanceStopped } from "./hypotheses-instance.ts";
import { breakerHeld, sessionsExhausted } from "./hypotheses-local.ts";
import { peering, withoutNat, wrongNetwork } from "./hypotheses-network.ts";
import { agentRole, clientRole } from "./hypotheses-roles.ts";
import { api, type Case, type Hypothesis, type Judgement, link, show, type Shown } from "./hypothesis.ts";
import { type Part, unique } from "./part.ts";
import { hasVanished, leadsTo } from "./relevance.ts";
import type { Link, Missing } from "./root-cause.ts";
import { addressKind, rungOf } from "./symptom.ts";

/** In the order that discriminates best: each looks at what the next ones stand on. */
const HYPOTHESES: readonly Hypothesis[] = [
  breakerHeld,
  sessionsExhausted,
  apiDisabled,
  instanceMissing,
  instanceStopped,
  instanceNotReady,
  noEgress,
  withoutNat,
  connector,
  wrongNetwork,
  peering,
  notAttached,
  clientRole,
  agentRole,
  secretUnreadable,
];

/** Facts are of the service's way; this machine's own may be another. */
export type Vantage = "here" | "service";

/**
 * Pure: what lies beneath one symptom. A root cause is only what known facts show; where several are shown each breaks the
 * dependency by itself, and all are told. Where none is and something is not known, it is UNDETERMINED.
 */
export function diagnose(its: Case, vantage: Vantage): readonly Part[] {
  const judgements = HYPOTHESES.map((judge) => judge(its));
  const all = judgements.flat();
  const shown = judgements.flatMap((group, index) =>
    group.flatMap((each) =>
      each.kind === "shown" ? [{ each, before: judgements.slice(0, index).flat() }] : [],
    ),
  );
  const ruledOut = unique(
    all.flatMap((each) => (each.kind === "excluded" ? [{ code: each.code, evidence: each.evidence }] : [])),
  );
  const { dependency } = its.symptom;
  const lead = causeLink(its);
  if (shown.length > 0) {
    return shown.map(({ each, before }) => {
      const missing = unique([...each.missing, ...openIn(before), ...fromElsewhere(its, each, vantage)]);
      return {
        root: each.root,
        about: each.about,
        dependency,
        links: [lead, ...each.links],
        // What is shown elsewhere under the same code is not ruled out here.
        ruledOut: ruledOut.filter(({ code }) => !shown.some((other) => other.each.root.code === code)),
        missing,
        notHelpful: each.notHelpful,
        confidence: missing.length === 0 ? "certain" : "likely",
      };
    });
  }
  const missing = [...openIn(all), ...unread(its), ...underWay(its)];
  const base = { dependency, ruledOut, notHelpful: [] };
  if (missing.length === 0) return [{ ...base, ...ownCause(its), links: [lead] }];
  return [{ ...base, ...undetermined(missing, dependency), links: [lead, missingLink(missing)] }];
}

const openIn = (judgements: readonly Judgement[]): readonly Missing[] =>
  unique(judgements.flatMap((each) => (each.kind === "unknown" ? each.missing : [])));

/** What no API that is asked here says, where all that is asked has been ruled out. */
function unread(its: Case): readonly Missing[] {
  if (its.facts?.resource === undefined || !hasVanished(its)) return [];
  return [
    {
      what: "firewall rules and routes between the service and the server",
      because: "they are not read; see the VPC's Connectivity Tests",
    },
  ];
}

/** Facts come in their own time; until then nothing is concluded from their absence. */
const underWay = ({ pending }: Case): readonly Missing[] =>
  pending === true
    ? [
        {
          what: "what Google Cloud says of the way to it",
          because: "it is being read; ask again in a moment",
        },
      ]
    : [];

/** A private address that this machine does not reach says little of whether the service does. */
function fromElsewhere({ symptom }: Case, { root }: Shown, vantage: Vantage): readonly Missing[] {
  const cloud = root.actions.some(({ kind }) => kind === "attach-egress") || root.code === "ROLE_MISSING";
  if (vantage === "service" || !cloud || addressKind(symptom.host) !== "private") return [];
  return [
    {
      what: `whether the service itself reaches ${symptom.dependency}`,
      because: "this was seen from this machine; ask the service with --url",
    },
  ];
}

const WHERE = { private: " to a private address", public: " to a public address" } as const;

function causeLink(its: Case): Link {
  const { cause } = its.symptom;
  const destination = hasVanished(its) ? leadsTo(its) : undefined;
  const where = destination === undefined ? "" : WHERE[destination];
  return link(`${cause.code}${where}: ${lowerFirst(cause.title)}`, rungOf(its.symptom));
}

export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function ownCause({ symptom }: Case): Pick<Part, "root" | "about" | "missing" | "confidence"> {
  const { code, title, explanation, remedies } = symptom.cause;
  const { owner, definite } = causeOf(code);
  return {
    root: { code, title, explanation, owner, remedies, actions: [] },
    about: SHARED.has(code) ? code : symptom.dependency,
    missing: [],
    confidence: definite ? "certain" : "likely",
  };
}

/** Of this machine, not of the server: whoever meets it meets the same. */
const SHARED: ReadonlySet<CauseCode> = new Set(["DNS_UNAVAILABLE"]);

function undetermined(
  missing: readonly Missing[],
  subject: string,
): Pick<Part, "root" | "about" | "missing" | "confidence"> {
  const { root, about } = show({ code: "UNDETERMINED", about: "", links: [], facts: { subject } });
  return { root, about, missing: unique(missing), confidence: "none" };
}

/** As many as a reader takes in. */
const TOLD = 5;

const missingLink = (missing: readonly Missing[]): Link =>
  link(
    "what lies beneath is not known",
    ...missing.slice(0, TOLD).map(({ what, because }) => api(what, `not known: ${because}`)),
  );
