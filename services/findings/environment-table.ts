import { defineFindings } from "./definition.ts";

export const ENVIRONMENT_FINDINGS = defineFindings({});
