import { hash } from "node:crypto";
import type { Chain } from "../why/root-cause.ts";
import type { Action, Assessment, Json } from "./action.ts";
import { canonicalJson } from "./canonical.ts";
import { CATALOGUE, type Catalogue, type CatalogueEntry, isDestructive } from "./plan-catalogue.ts";
import { addProofs, type Draft } from "./plan-proof.ts";
import { type Proposal, type Remedy, propose } from "./plan-propose.ts";
import type { Plan, Priority, Step } from "./plan.ts";

export interface PlanFacts {
  readonly environment: string;
  readonly subject: Chain["subject"];
  /** What the suite can do without; default none. */
  readonly optional?: ReadonlySet<string>;
  /** Findings stop a suite now. */
  readonly strict?: boolean;
  readonly deadlineMs?: number;
}

export interface MakePlanInput {
  readonly chains: readonly Chain[];
  readonly facts: PlanFacts;
  /** Default: what is known of every kind. */
  readonly catalogue?: Catalogue;
  readonly actions: readonly Action[];
  /** What was found of each action, by its key. */
  readonly assessments?: ReadonlyMap<string, Assessment>;
}

export interface MadePlan {
  /** Absent when there is nothing to be done. */
  readonly plan?: Plan;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/**
 * The plan that puts right what the chains end in: one remedy for each root cause, each change once, verified with what
 * failed. Pure; the same chains and the same world give the same plan, with the same id.
 */
export function makePlan(input: MakePlanInput): MadePlan {
  const { chains, facts, assessments } = input;
  const priorityOf = (chain: Chain) => priority(chain, facts);
  const proposed = propose({ chains, priorityOf, ...(assessments && { assessments }) });
  const drafts = addProofs(draftSteps(proposed.remedies, input), facts.subject);
  const { notes } = proposed;
  if (drafts.length === 0) return { notes };
  const phases = [...new Set(drafts.map((draft) => draft.priority))].toSorted();
  const body = {
    schemaVersion: 1,
    title: `Make ${facts.environment} fit for ${facts.subject.name}`,
    environment: facts.environment,
    suite: facts.subject.name,
    ...(facts.deadlineMs !== undefined && { deadlineMs: facts.deadlineMs }),
    because: [...proposed.chains.map(sentence), ...proposed.alternatives].slice(0, 400),
    steps: drafts.map((draft) => toStep(draft, phases.indexOf(draft.priority) + 1)),
  } as const;
  const id = `${slug(facts.subject.name, 40) || "plan"}-${hash("sha256", canonicalJson(body)).slice(0, 8)}`;
  return { plan: { ...body, id }, notes };
}

/** By root cause, where nothing fails yet: what would stop the suite again, and what is hygiene. */
const HYGIENE: ReadonlySet<string> = new Set(["MARKERS_UNREGISTERED", "AWAITS_WRONG", "BREAKER_HELD"]);

function priority({ dependencies, root, subject }: Chain, { optional, strict }: PlanFacts): Priority {
  if (dependencies.some((name) => optional?.has(name) !== true)) return "P0";
  if (dependencies.length === 0 && strict === true && subject.kind === "suite") return "P0";
  return HYGIENE.has(root.code) ? "P2" : "P1";
}

function sentence({ links, root, confidence }: Chain): string {
  const [symptom = root.title, ...rest] = links.map(({ statement }) => statement);
  const doubt = confidence === "likely" ? ", likely" : "";
  return `${[symptom, ...rest].join(" ← ")} (${root.code}${doubt}).`;
}

/** One draft for each change, however many root causes ask for it. */
function draftSteps(remedies: readonly Remedy[], input: MakePlanInput): Draft[] {
  const byChange = new Map<string, Draft>();
  const ids = new Set<string>();
  for (const remedy of remedies) {
    let previous: string | undefined;
    for (const [index, proposal] of remedy.proposals.entries()) {
      const known = byChange.get(proposal.key);
      const needs: readonly string[] = previous === undefined ? [] : [previous];
      const last = index === remedy.proposals.length - 1;
      const dependencies = last ? remedy.chain.dependencies : [];
      const draft = known ?? newDraft(proposal, { remedy, ids, input });
      byChange.set(proposal.key, {
        ...draft,
        needs: [...new Set([...draft.needs, ...needs])].filter((id) => id !== draft.id),
        dependencies: [...new Set([...draft.dependencies, ...dependencies])],
        final: draft.final || last,
      });
      previous = draft.id;
    }
  }
  return inOrder([...byChange.values()]);
}

/** Each after what it needs, which is as urgent as itself. Where chains ask for opposite orders, the first one holds. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  const ordered: Draft[] = [];
  const placed = new Set<string>();
  let waiting = [...drafts];
  while (waiting.length > 0) {
    const next = waiting.find(({ needs }) => needs.every((need) => placed.has(need))) ?? waiting[0];
    if (next === undefined) break;
    ordered.push({ ...next, needs: next.needs.filter((need) => placed.has(need)) });
    placed.add(next.id);
    waiting = waiting.filter((each) => each !== next);
  }
  const priorities = new Map(ordered.map(({ id, priority }) => [id, priority]));
  for (const { id, needs } of ordered.toReversed())
    for (const need of needs) {
      const own = priorities.get(id) ?? "P2";
      if (own < (priorities.get(need) ?? "P0")) priorities.set(need, own);
    }
  return ordered
    .map((draft): Draft => Object.assign({}, draft, { priority: priorities.get(draft.id) ?? draft.priority }))
    .toSorted((a, b) => a.priority.localeCompare(b.priority));
}

interface DraftInput {
  readonly remedy: Remedy;
  readonly ids: Set<string>;
  readonly input: MakePlanInput;
}

function newDraft(
  { action, assessment }: Proposal,
  { remedy, ids, input: { actions, catalogue = CATALOGUE } }: DraftInput,
): Draft {
  const entry = catalogue[action.kind] as CatalogueEntry<unknown>;
  const params = action.params as Json;
  const parsed = actions.find(({ kind }) => kind === action.kind);
  const readable = parsed?.parse(params);
  const base = slug(`${action.kind}-${entry.subject(params) || remedy.chain.root.code}`, 56);
  let id = base;
  for (let count = 2; ids.has(id); count++) id = `${base}-${count}`;
  ids.add(id);
  const destructive = isDestructive({ action: { kind: action.kind, params } }, actions);
  return {
    id,
    title: entry.title(params),
    priority: remedy.priority,
    estimateMs: entry.estimateMs,
    needs: [],
    action: { kind: action.kind, params },
    ...(assessment?.kind === "needed" && { change: assessment.change }),
    verify: entry.verify(params),
    rollback: entry.rollback,
    risk: entry.risk,
    approval: destructive || entry.risk === "high",
    owner: remedy.chain.root.owner,
    success: entry.success(params),
    ...(parsed !== undefined && readable?.ok === true && { command: parsed.command(readable.params) }),
    dependencies: [],
    final: false,
  };
}

function toStep(draft: Draft, phase: number): Step {
  const { id, title, priority, estimateMs, needs, action, change, verify, rollback } = draft;
  const { risk, approval, owner, success, command } = draft;
  return {
    id,
    title,
    priority,
    phase,
    estimateMs,
    needs,
    action,
    verify,
    rollback,
    risk,
    approval,
    owner,
    success,
    ...(change !== undefined && { change }),
    ...(command !== undefined && { command }),
  };
}

/** `[a-z0-9-]`, no longer than so much. */
const slug = (text: string, most: number): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "-")
    .slice(0, most)
    .replaceAll(/^-+|-+$/g, "");
