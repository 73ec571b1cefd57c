import type { EnvFault, EnvFile } from "../../services/env-files/env-file.ts";
import type { EnvLayer } from "../../services/env-files/layers.ts";
import type { EnvFilesConfig } from "../config/env-files.ts";
import { readEnvFile } from "./read.ts";

/** A layer that could not be read, or one that is not there. */
export interface UnreadLayer {
  readonly layer: EnvLayer;
  readonly fault: EnvFault;
}

export interface ReadLayers {
  /** Those that were read, lowest first. */
  readonly files: readonly EnvFile[];
  /** Those that should have been and were not. */
  readonly failed: readonly UnreadLayer[];
  /** Those that may be missing, and are. */
  readonly absent: readonly EnvLayer[];
}

export interface ReadLayersInput {
  readonly layers: EnvFilesConfig["layers"];
  /** What their paths are relative to. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Reads every layer that can be read, one after the other, so that no more than one large file is open. */
export async function readLayers({ layers, directory, signal }: ReadLayersInput): Promise<ReadLayers> {
  const files: EnvFile[] = [];
  const failed: UnreadLayer[] = [];
  const absent: EnvLayer[] = [];
  for (const layer of layers) {
    const read = await readEnvFile({ path: layer.path, dialect: layer.dialect, directory, signal });
    if (read.ok) files.push(read.file);
    else if (read.fault.code === "ENV_MISSING" && !layer.required) absent.push(layer);
    else failed.push({ layer, fault: read.fault });
  }
  return { files, failed, absent };
}
