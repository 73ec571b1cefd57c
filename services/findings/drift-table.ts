import { defineFindings } from "./definition.ts";

export const DRIFT_FINDINGS = defineFindings({});
