import type { PytestCall } from "./calls.ts";
import { type PytestOptions, readOptions } from "./options.ts";
import type { PytestSettings } from "./settings.ts";
import { hasFeature, ignoresStrictOptions } from "./version.ts";

export interface StrictnessInput {
  readonly version: string;
  readonly settings: PytestSettings | undefined;
  /** Of the command line, and of `PYTEST_ADDOPTS`. */
  readonly options: readonly string[];
  readonly calls: readonly PytestCall[];
}

export interface Strictness {
  /** Why an unknown marker ends the collection; `undefined`: it is warned of. */
  readonly because?: string;
  /** Strictness is asked for where this release does not look. */
  readonly unheard?: { readonly file: string; readonly line: number; readonly asked: string };
}

/** Whether pytest refuses markers that are not registered, in any of the ways it is called here. */
export function findStrictness({ version, settings, options, calls }: StrictnessInput): Strictness {
  const inFile = readOptions(settings?.options ?? []);
  const place = settings ? `${settings.file}:${settings.optionsLine}` : "";
  const fromOptions = isStrict(inFile, settings, version);
  const isDeaf = ignoresStrictOptions(version) && fromOptions !== undefined;
  const unheard =
    settings && isDeaf && !isStrict(NOTHING, settings, version)
      ? { unheard: { file: settings.file, line: settings.optionsLine, asked: fromOptions } }
      : {};
  const set = isStrict(NOTHING, settings, version);
  if (set !== undefined) return { because: `${settings?.file ?? ""} sets ${set}`, ...unheard };
  const given = isStrict(readOptions(options), settings, version);
  if (given !== undefined) return { because: `pytest is called with ${given}`, ...unheard };
  if (fromOptions !== undefined && !isDeaf) return { because: `${fromOptions} in addopts at ${place}` };
  for (const call of calls) {
    const said = isStrict(readOptions(call.words), settings, version);
    if (said !== undefined) return { because: `${said} at ${call.file}:${call.line}`, ...unheard };
  }
  return unheard;
}

const NOTHING = readOptions([]);

/** What makes it so. */
function isStrict(
  options: PytestOptions,
  settings: PytestSettings | undefined,
  version: string,
): string | undefined {
  if (options.strictMarkers) return "--strict-markers";
  if (!hasFeature(version, "strictSettings")) return options.strict ? "--strict" : undefined;
  // From 9.0 on, strict_markers is decisive where it is set, and --strict stands for strict.
  if (settings?.strictMarkers !== undefined) return settings.strictMarkers ? "strict_markers" : undefined;
  if (options.strict) return "--strict";
  return settings?.strict === true ? "strict" : undefined;
}
