import type { Action } from "./action.ts";

/** Every kind of change that a plan may ask for; the kinds are unique. */
export function allActions(): readonly Action[] {
  return [];
}

/** That of `kind`, or undefined where there is no such action. */
export function findAction(kind: string, actions: readonly Action[] = allActions()): Action | undefined {
  return actions.find((action) => action.kind === kind);
}
