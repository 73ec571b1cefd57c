/** deployment: reads a manifest, or what runs on Cloud Run, and has it judged. */
import { resolve } from "node:path";
import { type LintedManifest, lintManifest, unreadable } from "../../services/deployment/lint-manifest.ts";
import { readText } from "../drift/read-text.ts";
import { readYaml } from "../drift/read-yaml.ts";

export interface ReadManifestOptions {
  /** As it was written. */
  readonly path: string;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** YAML or JSON. What cannot be read is a finding. Rejects with the reason of the signal alone. */
export async function readManifest({ path, cwd, signal }: ReadManifestOptions): Promise<LintedManifest> {
  const read = await readText(resolve(cwd, path), signal);
  const fault = (at: { expected: string; found: string; line?: number; column?: number }): LintedManifest => {
    const { expected, found, line, column } = at;
    const place = { ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
    const message = `Expected ${expected}, found ${found}.`;
    return { services: [], findings: [unreadable({ file: path, message, ...place })] };
  };
  if (!read.ok) return fault(read);
  const yaml = await readYaml(read.text);
  return yaml.ok ? lintManifest({ file: path, documents: yaml.documents }) : fault(yaml);
}
