import { type PytestCall, findCalls } from "./calls.ts";
import type { ConfigurationText } from "./candidate.ts";
import { chooseConfiguration, type ChosenConfiguration, type ConfigurationInput } from "./configuration.ts";
import type { MarkerFacts } from "./facts.ts";
import { folderOf, normalise } from "./folders.ts";
import { BUILTIN_MARKERS, PLUGIN_MARKERS } from "./known.ts";
import { listedPlugins, listedPytest, type RequirementText } from "./listed.ts";
import { type CodeRegistration, findLoaded, isReachedBefore, type Loaded } from "./loaded.ts";
import { namesInPython, type NamesInPython } from "./names.ts";
import { readOptions } from "./options.ts";
import { findStrictness, type Strictness } from "./strictness.ts";

export interface MarkersInput {
  /** Facts by path, relative to the folder that is linted: the folder in which pytest is called. */
  readonly files: ReadonlyMap<string, MarkerFacts>;
  /** Files with pytest's names, in the tree and in the folders above it (`../`). */
  readonly candidates: readonly ConfigurationText[];
  /** How pytest is called; what is not known is left out. */
  readonly pytest?: Pick<ConfigurationInput, "version" | "config" | "rootdir" | "arguments"> & {
    /** Words of the command line and of `PYTEST_ADDOPTS`. */
    readonly options?: readonly string[];
  };
  /** Workflows, Makefiles, scripts: where pytest is called from. */
  readonly ci?: readonly ConfigurationText[];
  /** Files that name what is installed, beside the candidates. */
  readonly requirements?: readonly RequirementText[];
  /** Distributions that are installed. Default: unknown. */
  readonly installed?: readonly string[];
  /** Markers that installed plugins register in their own code, as far as that could be read. */
  readonly registered?: readonly string[];
  /** The folder that is asked about: of several places, one in it is shown. Default: all. */
  readonly focus?: string;
  /** Whether it is certain that pytest is called in this folder, so that a configuration may be put in it. */
  readonly mayCreate?: boolean;
  /** Files that do not parse: their markers count as used, and nothing is said of them. */
  readonly broken?: ReadonlySet<string>;
}

/** Everything that is judged, put in order once. */
export interface Project {
  readonly input: MarkersInput;
  readonly version: string;
  readonly configuration: ChosenConfiguration;
  readonly strictness: Strictness;
  readonly calls: readonly PytestCall[];
  readonly loaded: Loaded;
  readonly names: NamesInPython;
  /** Of pytest and of plugins that are there. */
  readonly provided: ReadonlySet<string>;
  /** Whether anything says what is installed. */
  readonly knowsPlugins: boolean;
  readonly status: (name: string, file: string, late: boolean) => Status;
}

/**
 * `known`: from the start, or from a conftest file above. `elsewhere`: through a conftest file of another folder, which a
 * run of everything reaches first. `perhaps`: something with a computed name is registered.
 */
export type Status =
  | { readonly kind: "known" | "perhaps" | "unknown" }
  | { readonly kind: "elsewhere"; readonly by: CodeRegistration };

/** Reads configuration, calls and registrations of one folder. */
export function readProject(input: MarkersInput): Project {
  const {
    pytest = {},
    candidates,
    files,
    ci = [],
    requirements = [],
    installed,
    registered: offered = [],
  } = input;
  const listed: RequirementText[] = [...requirements, ...candidates];
  const version = pytest.version ?? listedPytest(listed);
  const configuration = chooseConfiguration({
    ...pytest,
    candidates,
    ...(version === undefined ? {} : { version }),
  });
  const { settings, rootdir } = configuration;
  const texts = new Map([...candidates, ...ci].map((one) => [one.path, one]));
  const calls = [...texts.values()].flatMap(findCalls);
  const options = pytest.options ?? [];
  const strictness = findStrictness({ version: configuration.version, settings, options, calls });
  const { plugins } = readOptions([...(settings?.options ?? []), ...options]);
  const loaded = findLoaded({
    files,
    version: configuration.version,
    rootdir,
    anchors: anchorsOf(input, configuration),
    plugins: [...plugins, ...listed.flatMap(({ text }) => entryPoints(text))],
  });
  const available =
    installed === undefined
      ? listedPlugins(listed)
      : installed.map((name) => name.toLowerCase().replaceAll(/[-_.]+/g, "-"));
  const provided = new Set([
    ...BUILTIN_MARKERS,
    ...offered,
    ...available.flatMap((name) => PLUGIN_MARKERS[name] ?? []),
  ]);
  const knowsPlugins =
    installed !== undefined ||
    requirements.length > 0 ||
    candidates.some(({ text }) => /\bpytest\b.*[<>=~]=|dependencies|\bdeps\b/.test(text));
  const registered = new Set([...provided, ...(settings?.markers ?? []).map(({ name }) => name)]);
  const status = createStatus(registered, loaded.registrations, configuration.version);
  return {
    input,
    names: namesInPython(files),
    version: configuration.version,
    configuration,
    strictness,
    calls,
    loaded,
    provided,
    knowsPlugins,
    status,
  };
}

function createStatus(
  registered: ReadonlySet<string>,
  code: readonly CodeRegistration[],
  version: string,
): Project["status"] {
  const open = code.filter(({ name }) => name === undefined);
  return (name, file, late) => {
    if (registered.has(name)) return { kind: "known" };
    const own = code.filter((one) => one.name === name);
    const near = own.some(({ folder }) => folder === undefined || file.startsWith(`${folder}/`));
    if (near || (late && own.length > 0)) return { kind: "known" };
    if (open.some(({ prefix = "" }) => name.startsWith(prefix))) return { kind: "perhaps" };
    const by = own.find(({ folder = "." }) => isReachedBefore(folder, file, version));
    return by ? { kind: "elsewhere", by } : { kind: "unknown" };
  };
}

/** Where collection begins. `testpaths` counts only where pytest is called in the folder of its file. */
function anchorsOf(
  { pytest = {} }: MarkersInput,
  { settings, rootdir }: ChosenConfiguration,
): readonly string[] {
  const given = (pytest.arguments ?? []).filter((one) => !one.startsWith("-"));
  const paths = given.length > 0 ? given : rootdir === "." ? (settings?.testPaths ?? []) : [];
  const anchors = paths.map((path) => {
    const folder = normalise(path);
    return folder.endsWith(".py") ? folderOf(folder) : folder;
  });
  return anchors.length > 0 ? anchors : ["."];
}

/** Modules that the project itself offers to pytest: `pytest11` in `pyproject.toml`, `setup.cfg`, `setup.py`. */
function entryPoints(text: string): string[] {
  const at = text.indexOf("pytest11");
  if (at === -1) return [];
  const block = text.slice(at).split(/\n\s*\n|\n\[/, 1)[0] ?? "";
  return [...block.matchAll(/=\s*["']?([A-Za-z_][\w.]*)/g)].map((match) => match[1] ?? "");
}
