import { CONTEXT_FINDINGS } from "./context-table.ts";
import { DRIFT_FINDINGS } from "./drift-table.ts";
import { ENVIRONMENT_FINDINGS } from "./environment-table.ts";
import { POLICY_FINDINGS } from "./policy-table.ts";

const AT_THE_GATE = [CONTEXT_FINDINGS, ENVIRONMENT_FINDINGS, POLICY_FINDINGS, DRIFT_FINDINGS];

/** Whether findings of this code can show at the gate; those of the suite's own code show where it is linted. */
export const isSeenAtGate = (code: string): boolean =>
  AT_THE_GATE.some((table) => Object.hasOwn(table, code));
