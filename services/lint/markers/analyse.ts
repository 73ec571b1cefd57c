import type { LintFinding } from "../python/source-file.ts";
import { judgeConfiguration } from "./judge-configuration.ts";
import { judgeExpressions } from "./judge-expressions.ts";
import { judgeRegistrations } from "./judge-registrations.ts";
import { judgeUses } from "./judge-uses.ts";
import { type MarkersInput, readProject } from "./project.ts";

export type { MarkersInput } from "./project.ts";

export interface MarkersAnalysis {
  readonly findings: readonly LintFinding[];
  /** The file that pytest reads; `undefined`: none. */
  readonly configuration: string | undefined;
  /** Of pytest, as it was found or taken to be. */
  readonly version: string;
}

/** Judges the markers of a whole suite: what is used, what is registered, what is selected. */
export function analyseMarkers(input: MarkersInput): MarkersAnalysis {
  const project = readProject(input);
  const { configuration, version } = project;
  const findings = [
    ...judgeConfiguration(project),
    // pytest does not come so far when it cannot read its configuration.
    ...(configuration.fault ? [] : judgeUses(project)),
    ...(configuration.fault ? [] : judgeRegistrations(project)),
    ...judgeExpressions(project),
  ];
  return { findings, configuration: configuration.settings?.file ?? configuration.fault?.file, version };
}
