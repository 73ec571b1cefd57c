import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { fieldsOf, textOf } from "../../services/gcp/fields.ts";
import type { MisplacedAnnotation } from "../../services/why/cloud.ts";

/** Those by which a service leaves into a VPC; they belong on the template of the revision. */
const ANNOTATIONS = ["run.googleapis.com/vpc-access-connector", "run.googleapis.com/network-interfaces"];

/** A manifest is small; whatever is larger is none. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * What `cloudrun.yaml` in the folder says on the service where only its revision is read. Empty where there is no such
 * file, or it is no manifest: whoever deploys it hears of that.
 */
export async function misplacedAnnotations(folder: string): Promise<readonly MisplacedAnnotation[]> {
  const path = join(folder, "cloudrun.yaml");
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "" || text.length > MAX_CHARACTERS) return [];
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return [];
  const root = fieldsOf(toPlain(document));
  const outer = annotationsOf(root);
  const inner = annotationsOf(fieldsOf(fieldsOf(root["spec"])["template"]));
  return ANNOTATIONS.flatMap((annotation) => {
    const value = textOf(outer[annotation]);
    if (value === undefined || inner[annotation] !== undefined) return [];
    return [{ file: basename(path), annotation, value }];
  });
}

const annotationsOf = (resource: Readonly<Record<string, unknown>>) =>
  fieldsOf(fieldsOf(resource["metadata"])["annotations"]);

/** Aliases that would grow without end are refused by the parser. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch {
    return undefined;
  }
}
