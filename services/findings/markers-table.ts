import { defineFindings } from "./definition.ts";

export const MARKERS_FINDINGS = defineFindings({});
