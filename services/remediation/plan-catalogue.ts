/** What a plan knows of each kind of action beside what the action itself says: how long, how risky, what shows that it is done. */
import type { ActionKind, ProposedAction } from "../why/proposed-action.ts";
import type { Action } from "./action.ts";
import { GCP_CATALOGUE } from "./plan-catalogue-gcp.ts";
import type { Risk, Step } from "./plan.ts";
import type { VerifierCall } from "./verifier.ts";

type ParamsOf<K extends ActionKind> = Extract<ProposedAction, { kind: K }>["params"];

export interface CatalogueEntry<P> {
  readonly title: (params: P) => string;
  /** Short, for the step's id: what it is done to. */
  readonly subject: (params: P) => string;
  readonly estimateMs: number;
  readonly risk: Risk;
  /** Ends or loses something that others use. */
  readonly destructive: boolean;
  readonly rollback: Step["rollback"];
  /** What shows that the change is made, whether or not it helps. */
  readonly verify: (params: P) => readonly VerifierCall[];
  readonly success: (params: P) => readonly string[];
}

export type Catalogue = { readonly [K in ActionKind]: CatalogueEntry<ParamsOf<K>> };

const AUTOMATIC = { kind: "automatic" } as const;
const MINUTE = 60_000;

/** Every kind of action. */
export const CATALOGUE: Catalogue = {
  ...GCP_CATALOGUE,
  "register-markers": {
    title: ({ folder }) => `Register the markers that the tests in ${folder} use`,
    subject: ({ folder }) => folder,
    estimateMs: MINUTE,
    risk: "low",
    destructive: false,
    rollback: AUTOMATIC,
    verify: ({ folder }) => [{ kind: "lint", what: "markers", folder }],
    success: () => ["Every marker that a test uses is registered."],
  },
  "fix-awaits": {
    title: ({ folder }) => `Mend the awaits of the tests in ${folder}`,
    subject: ({ folder }) => folder,
    estimateMs: 2 * MINUTE,
    risk: "low",
    destructive: false,
    rollback: AUTOMATIC,
    verify: ({ folder }) => [{ kind: "lint", what: "awaits", folder }],
    success: () => ["What is async is awaited, and nothing else is."],
  },
  "reset-breaker": {
    title: ({ dependency }) => `Reset the breaker of ${dependency}`,
    subject: ({ dependency }) => dependency,
    estimateMs: 10_000,
    risk: "low",
    destructive: false,
    rollback: { kind: "none", because: "A breaker opens again by itself when the server still fails." },
    verify: ({ dependency }) => [{ kind: "probe", dependency, withinMs: 30_000 }],
    success: ({ dependency }) => [`${dependency} is asked again at once, and passes.`],
  },
  "end-idle-sessions": {
    title: ({ dependency, limit }) => `End at most ${limit} idle sessions of ${dependency}`,
    subject: ({ dependency }) => dependency,
    estimateMs: 30_000,
    risk: "medium",
    destructive: true,
    rollback: { kind: "none", because: "Pools open ended sessions again when they need them." },
    verify: ({ dependency }) => [{ kind: "probe", dependency, times: 2, withinMs: MINUTE }],
    success: ({ dependency }) => [`${dependency} takes new sessions.`],
  },
  manual: {
    title: ({ instructions }) => instructions[0] ?? "Done by a person",
    subject: () => "",
    estimateMs: 30 * MINUTE,
    risk: "medium",
    destructive: false,
    rollback: { kind: "manual", instructions: "Undo what was done by hand, in the opposite order." },
    verify: () => [],
    success: () => [],
  },
};

export const KNOWN_KINDS: readonly string[] = Object.keys(CATALOGUE);

/** What the catalogue or the action itself says; of what neither knows, no. */
export function isDestructive({ action }: Pick<Step, "action">, actions: readonly Action[]): boolean {
  const own = actions.find(({ kind }) => kind === action.kind)?.destructive;
  return own ?? (isActionKind(action.kind) && CATALOGUE[action.kind].destructive);
}

export const isActionKind = (kind: string): kind is ActionKind => Object.hasOwn(CATALOGUE, kind);
