import { defineFindings } from "./definition.ts";

export const CONTEXT_FINDINGS = defineFindings({});
