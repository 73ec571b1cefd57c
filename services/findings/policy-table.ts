import { defineFindings } from "./definition.ts";

export const POLICY_FINDINGS = defineFindings({});
