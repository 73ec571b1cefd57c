import { toJsonSchema } from "@valibot/to-json-schema";
import { runRecordSchema } from "../views/run-record-schema.ts";
import { jsonText } from "./json-text.ts";

/** `docs/run-record.schema.json`: JSON Schema (draft 7) of what `--report json` writes. */
export function generateRunRecordSchema(): string {
  // That lists are not changed here is nothing that JSON could say.
  const { $schema, ...schema } = toJsonSchema(runRecordSchema, { ignoreActions: ["readonly"] });
  return jsonText({ $schema, title: "The record of a run of Greenlight", ...schema });
}
