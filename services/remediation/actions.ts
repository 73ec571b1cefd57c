import type { Action } from "./action.ts";
import { endIdleSessions } from "./actions/end-idle-sessions.ts";
import { fixAwaits, registerMarkers } from "./actions/lint-fix.ts";
import { manual } from "./actions/manual.ts";
import { resetBreaker } from "./actions/reset-breaker.ts";

/** Every kind of change that a plan may ask for; the kinds are unique. */
export function allActions(): readonly Action[] {
  return [registerMarkers(), fixAwaits(), resetBreaker(), endIdleSessions(), manual()];
}

/** That of `kind`, or undefined where there is no such action. */
export function findAction(kind: string, actions: readonly Action[] = allActions()): Action | undefined {
  return actions.find((action) => action.kind === kind);
}
