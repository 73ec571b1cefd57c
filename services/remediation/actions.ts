import type { Action } from "./action.ts";
import { createAddIamBinding } from "./actions/add-iam-binding.ts";
import { createAttachEgress } from "./actions/attach-egress.ts";
import { createCreateConnector } from "./actions/create-connector.ts";
import { createEnableApi } from "./actions/enable-api.ts";
import { endIdleSessions } from "./actions/end-idle-sessions.ts";
import { fixAwaits, registerMarkers } from "./actions/lint-fix.ts";
import { manual } from "./actions/manual.ts";
import { resetBreaker } from "./actions/reset-breaker.ts";
import { createSetVariable } from "./actions/set-variable.ts";
import { createStartSqlInstance } from "./actions/start-sql-instance.ts";

/** Every kind of change that a plan may ask for; the kinds are unique. */
export function allActions(): readonly Action[] {
  return [
    createEnableApi(),
    createCreateConnector(),
    createAttachEgress(),
    createAddIamBinding(),
    createStartSqlInstance(),
    createSetVariable(),
    registerMarkers(),
    fixAwaits(),
    resetBreaker(),
    endIdleSessions(),
    manual(),
  ];
}

/** That of `kind`, or undefined where there is no such action. */
export function findAction(kind: string, actions: readonly Action[] = allActions()): Action | undefined {
  return actions.find((action) => action.kind === kind);
}
