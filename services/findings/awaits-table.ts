import { defineFindings } from "./definition.ts";

export const AWAITS_FINDINGS = defineFindings({});
