import { generateCauses } from "./causes.ts";
import { generateFindings } from "./findings.ts";
import { generateRootCauses } from "./root-causes.ts";
import { generateFlags } from "./flags.ts";
import { generateCliReference } from "./cli.ts";
import { generatePlanReference, generatePlanSchema } from "./plan.ts";
import { generateRunRecordSchema } from "./run-record.ts";
import { generateConfigReference, generateConfigSchemaText } from "./schema.ts";

export interface GeneratedDocument {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Every document that is made from the code and committed; a test compares them. */
export async function generatedDocuments(): Promise<GeneratedDocument[]> {
  return [
    { path: "docs/causes.md", text: generateCauses() },
    { path: "docs/findings.md", text: generateFindings() },
    { path: "docs/root-causes.md", text: generateRootCauses() },
    { path: "docs/reference/flags.md", text: generateFlags() },
    { path: "docs/reference/cli.md", text: await generateCliReference() },
    { path: "docs/reference/configuration.md", text: generateConfigReference() },
    { path: "docs/greenlight.schema.json", text: generateConfigSchemaText() },
    { path: "docs/reference/plan.md", text: generatePlanReference() },
    { path: "docs/plan.schema.json", text: generatePlanSchema() },
    { path: "docs/run-record.schema.json", text: generateRunRecordSchema() },
  ];
}
