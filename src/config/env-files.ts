/** The layers of env files: as declared, or those that are customary. */
import { type EnvLayer, defaultLayers, orderLayers } from "../../services/env-files/layers.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import type { ParsedEnvFiles } from "./schema-env-files.ts";

export interface EnvFilesConfig {
  /** Lowest first; variables of the process win over all of them. */
  readonly layers: readonly EnvLayer[];
  /** False: nobody declared them, and each may be missing. */
  readonly declared: boolean;
  /** What their paths are relative to. */
  readonly directory: string;
  /** Folders to be searched for what reads flags; empty: nobody said. */
  readonly sources: readonly string[];
}

const PATH = "envFiles.layers";

/** The layers in their order; a circle of `extends` is a fault that names all of it. */
export function resolveEnvFiles(parsed: ParsedEnvFiles, input: EnvFilesInput): EnvFilesConfig {
  const directory = input.directoryOf(PATH);
  const { sources = [] } = parsed;
  if (!parsed.layers)
    return { layers: defaultLayers(input.environment), declared: false, directory, sources };
  const { layers, cycles } = orderLayers(
    parsed.layers.map((layer, index) => {
      const at = `${PATH}.${index}`;
      if (typeof layer === "string")
        return { path: layer, dialect: "dotenv", required: true, where: input.place(at) };
      const { path, dialect, required } = layer;
      const where = input.place(layer.extends === undefined ? `${at}.path` : `${at}.extends`);
      return {
        path,
        dialect,
        required,
        where,
        ...(layer.extends !== undefined && { extends: layer.extends }),
      };
    }),
  );
  for (const { paths, where } of cycles)
    faultAt(input, PATH, {
      expected: "files that do not extend each other in a circle",
      found: paths
        .map((path, index) => (where[index] ? `${path} (${where[index]})` : path))
        .join(" extends "),
    });
  return { layers, declared: true, directory, sources };
}

export type EnvFilesInput = Pick<ResolveInput, "environment" | "place" | "directoryOf" | "report">;
