import type { Chain } from "../why/root-cause.ts";
import type { Assessment, Json } from "./action.ts";
import { canonicalJson } from "./canonical.ts";
import { contradiction } from "./plan-lint-contradictions.ts";
import type { Priority } from "./plan.ts";
import type { ProposedAction } from "../why/proposed-action.ts";

export interface Proposal {
  readonly action: ProposedAction;
  readonly key: string;
  /** What was found of it; absent where nobody looked. */
  readonly assessment?: Assessment;
}

/** One root cause and the one remedy chosen for it, in the order of doing. */
export interface Remedy {
  readonly chain: Chain;
  readonly priority: Priority;
  readonly proposals: readonly Proposal[];
}

export interface Proposed {
  /** The most urgent first. */
  readonly remedies: readonly Remedy[];
  /** Those that a remedy was found for, the most urgent first. */
  readonly chains: readonly Chain[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
  /** What could have been done instead. */
  readonly alternatives: readonly string[];
}

export interface ProposeInput {
  readonly chains: readonly Chain[];
  readonly priorityOf: (chain: Chain) => Priority;
  /** By key; what is not in it was not looked at. */
  readonly assessments?: ReadonlyMap<string, Assessment>;
}

const asJson = (action: ProposedAction): { kind: string; params: Json } => ({
  kind: action.kind,
  params: action.params,
});

/** The same for the same change, whoever asks for it. */
export const keyOf = ({ kind, params }: ProposedAction): string => canonicalJson([kind, params]);

/** Every action that the chains ask for, each once: what is to be assessed. */
export function proposedActions(chains: readonly Chain[]): readonly ProposedAction[] {
  const all = chains.flatMap(({ root }) => root.actions);
  return [...new Map(all.map((action) => [keyOf(action), action])).values()];
}

/** One remedy for each root cause; what contradicts a remedy chosen before is an alternative to it. */
export function propose({ chains, priorityOf, assessments = new Map() }: ProposeInput): Proposed {
  const notes: string[] = [];
  const alternatives: string[] = [];
  const chosen: ProposedAction[] = [];
  const sorted = chains
    .map((chain) => ({ chain, priority: priorityOf(chain) }))
    .toSorted((a, b) => a.priority.localeCompare(b.priority));
  const remedies = sorted.flatMap(({ chain, priority }): Remedy[] => {
    const { root, missing } = chain;
    if (root.code === "UNDETERMINED") {
      const what = missing.map((each) => `${each.what} (${each.because})`).join("; ");
      notes.push(`${chain.subject.name}: ${root.title}. Missing: ${what || "a fact that tells"}.`);
      return [];
    }
    // What is chosen already stands in its place, so that it is verified with this failure too.
    const actions = root.actions.map((action) => {
      const clash = chosen.find((other) => contradiction(asJson(other), asJson(action)) !== undefined);
      if (clash !== undefined)
        alternatives.push(`Not chosen for ${root.code}: ${describe(action)}, since ${describe(clash)} is.`);
      return clash ?? action;
    });
    chosen.push(...actions);
    const proposals = toProposals(actions, { root, assessments, notes });
    for (const remedy of root.remedies.slice(1)) alternatives.push(`Instead, for ${root.code}: ${remedy}`);
    for (const { remedy, because } of chain.notHelpful)
      alternatives.push(`Not for ${root.code}: ${remedy}, because ${because.replace(/\.$/, "")}.`);
    return proposals === undefined ? [] : [{ chain, priority, proposals }];
  });
  const treated = remedies.map(({ chain }) => chain);
  return {
    remedies: withOneByHand(remedies),
    chains: treated,
    notes,
    alternatives: [...new Set(alternatives)],
  };
}

/** What people do comes last among equals, and as one step for one dependency: nothing but its probe can verify it. */
function withOneByHand(remedies: readonly Remedy[]): readonly Remedy[] {
  const merged: Remedy[] = [];
  for (const remedy of remedies) {
    const instructions = instructionsOf(remedy);
    const at = merged.findIndex(
      (each) => instructions !== undefined && instructionsOf(each) !== undefined && sharesCause(each, remedy),
    );
    const other = merged[at];
    if (other === undefined || instructions === undefined) {
      merged.push(remedy);
      continue;
    }
    const all = [...new Set([...(instructionsOf(other) ?? []), ...instructions])];
    const dependencies = [...new Set([...other.chain.dependencies, ...remedy.chain.dependencies])].sort();
    merged[at] = { ...other, chain: { ...other.chain, dependencies }, proposals: [asProposal(all)] };
  }
  const order = ({ priority, proposals }: Remedy): string =>
    `${priority}${proposals.at(-1)?.action.kind === "manual" ? 2 : proposals.at(-1)?.action.kind === "add-iam-binding" ? 1 : 0}`;
  return merged.toSorted((a, b) => order(a).localeCompare(order(b)));
}

const instructionsOf = ({ proposals }: Remedy): readonly string[] | undefined => {
  const [only] = proposals;
  return proposals.length === 1 && only?.action.kind === "manual"
    ? only.action.params.instructions
    : undefined;
};

const sharesCause = (a: Remedy, b: Remedy): boolean =>
  a.priority === b.priority && a.chain.dependencies.some((name) => b.chain.dependencies.includes(name));

interface Assessed {
  readonly root: Chain["root"];
  readonly assessments: ReadonlyMap<string, Assessment>;
  readonly notes: string[];
}

/** What is left to do; undefined when nothing is. What nothing can do is left to a person. */
function toProposals(
  actions: readonly ProposedAction[],
  { root, assessments, notes }: Assessed,
): readonly Proposal[] | undefined {
  const open: Proposal[] = [];
  for (const action of actions) {
    const key = keyOf(action);
    const assessment = assessments.get(key);
    if (assessment?.kind === "satisfied") {
      notes.push(`${describe(action)}: nothing to do, ${assessment.evidence}`);
      continue;
    }
    // What an earlier step changes first may be why a later one cannot be done yet.
    if (assessment?.kind === "refused" && open.length === 0) {
      notes.push(`${describe(action)}: refused, ${assessment.because}`);
      return [byHand(root)];
    }
    if (assessment?.kind === "unknown" && open.length === 0)
      notes.push(`${describe(action)}: not known whether it is needed, ${assessment.because}`);
    open.push({ action, key, ...(assessment && { assessment }) });
  }
  if (open.length > 0) return open;
  // Everything is as the remedy would have it, and it does not help: somebody has to look.
  return [byHand(root)];
}

function byHand({ remedies, title }: Chain["root"]): Proposal {
  return asProposal(remedies.length > 0 ? remedies : [title]);
}

function asProposal(instructions: readonly string[]): Proposal {
  const action: ProposedAction = { kind: "manual", params: { instructions } };
  return { action, key: keyOf(action) };
}

/** `attach-egress (api, c1)`: what tells it from others of its kind. */
function describe({ kind, params }: ProposedAction): string {
  const given = params as Readonly<Record<string, unknown>>;
  const subjects = SUBJECTS.map((key) => given[key]).filter((value) => typeof value === "string");
  return subjects.length === 0 ? kind : `${kind} (${subjects.slice(0, 2).join(", ")})`;
}

const SUBJECTS = [
  "service",
  "connector",
  "network",
  "name",
  "instance",
  "api",
  "role",
  "dependency",
  "folder",
];
