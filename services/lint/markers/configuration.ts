import { CONFIGURATION_NAMES, type ConfigurationText, readCandidate } from "./candidate.ts";
import { commonFolder, folderOf, isWithin, normalise, upwards } from "./folders.ts";
import type { ConfigurationFault, PytestSettings } from "./settings.ts";
import { hasFeature, NEWEST_PYTEST } from "./version.ts";

export interface ConfigurationInput {
  /** Every file with one of pytest's names, in the tree and in the folders above it. */
  readonly candidates: readonly ConfigurationText[];
  /** Of pytest, as `8.4.2`. Default: the newest known. */
  readonly version?: string;
  /** `-c`: this file and no other. */
  readonly config?: string;
  /** `--rootdir`. */
  readonly rootdir?: string;
  /** Files and folders pytest is called with. Default: none, which is the folder that is linted. */
  readonly arguments?: readonly string[];
}

export interface ChosenConfiguration {
  readonly version: string;
  /** Conftest files above are not loaded; relative to the folder that is linted. */
  readonly rootdir: string;
  /** What is read; `undefined`: no file says anything to pytest. */
  readonly settings?: PytestSettings;
  /** pytest ends here. */
  readonly fault?: ConfigurationFault;
  /** Files that say something to pytest and are not asked, and why. */
  readonly ignored: readonly { readonly settings: PytestSettings; readonly because: string }[];
  /** Where the version is not known: what another release would read. */
  readonly otherwise?: string;
}

/** Releases that differ in what they read; asked when nobody says which pytest runs. */
const OLDER = "8.4";

/** Which file pytest reads, from all there are. They are never merged: the first that counts is the only one. */
export function chooseConfiguration(input: ConfigurationInput): ChosenConfiguration {
  const version = input.version ?? NEWEST_PYTEST;
  const chosen = locate(input, version);
  const own = chosen.settings?.file ?? chosen.fault?.file;
  const ignored = input.candidates.flatMap(({ path, text }) => {
    if (path === own) return [];
    const candidate = readCandidate({ path, text }, NEWEST_PYTEST);
    if (candidate.kind !== "settings") return [];
    return [{ settings: candidate.settings, because: reason(path, own, { text, version, input }) }];
  });
  const otherwise = input.version === undefined ? told(own, locate(input, OLDER)) : undefined;
  return { version, ...chosen, ignored, ...(otherwise === undefined ? {} : { otherwise }) };
}

type Located = Pick<ChosenConfiguration, "rootdir" | "settings" | "fault">;

function locate(input: ConfigurationInput, version: string): Located {
  const { candidates, config, rootdir } = input;
  const texts = new Map(candidates.map((candidate) => [normalise(candidate.path), candidate]));
  const withRoot = (found: Located): Located =>
    rootdir === undefined ? found : { ...found, rootdir: normalise(rootdir) };
  if (config !== undefined) {
    const file = texts.get(normalise(config));
    const folder = folderOf(normalise(config));
    if (!file) {
      const message = "expected the file named with -c, found none";
      return withRoot({ rootdir: folder, fault: { file: config, line: 1, message } });
    }
    return withRoot(read(file, version, folder) ?? { rootdir: folder });
  }
  const folders = argumentFolders(input);
  const ancestor = commonFolder(folders);
  const depth = Math.max(
    0,
    ...candidates.map(({ path }) => path.split("/").filter((part) => part === "..").length),
  );
  // The common folder first; when nothing is found from there on, each argument for itself.
  for (const start of [ancestor, ...folders]) {
    for (const folder of upwards(start, depth)) {
      const files = CONFIGURATION_NAMES.flatMap(
        (name) => texts.get(folder === "." ? name : `${folder}/${name}`) ?? [],
      );
      const found = firstOf(files, version, folder);
      if (found) return withRoot(found);
    }
  }
  return withRoot({ rootdir: ancestor });
}

/** The first file of a folder that counts. */
function firstOf(files: readonly ConfigurationText[], version: string, folder: string): Located | undefined {
  for (const [index, file] of files.entries()) {
    const found = read(file, version, folder);
    if (!found) continue;
    if (found.fault || !hasFeature(version, "readsIgnored")) return found;
    const others = files.slice(index + 1).flatMap((other) => read(other, version, folder) ?? []);
    return others.find((other) => other.fault) ?? found;
  }
  return undefined;
}

function read(file: ConfigurationText, version: string, rootdir: string): Located | undefined {
  const candidate = readCandidate(file, version);
  if (candidate.kind === "other") return undefined;
  return candidate.kind === "fault"
    ? { rootdir, fault: candidate.fault }
    : { rootdir, settings: candidate.settings };
}

/** A file stands for its folder. */
function argumentFolders({ arguments: given = [] }: ConfigurationInput): string[] {
  const paths = given.filter((one) => !one.startsWith("-")).map(normalise);
  const folders = paths.map((path) => (path.endsWith(".py") ? folderOf(path) : path));
  return folders.length === 0 ? ["."] : folders;
}

interface Looked {
  readonly text: string;
  readonly version: string;
  readonly input: ConfigurationInput;
}

function reason(path: string, own: string | undefined, { text, version, input }: Looked): string {
  const folder = folderOf(path);
  if (readCandidate({ path, text }, version).kind === "other")
    return `pytest ${version} does not read such a file`;
  if (own === undefined) return `it is read only when pytest is called in ${folder}`;
  if (input.config !== undefined) return `${own} is given with -c`;
  if (folder === folderOf(own)) return `${own} comes before it`;
  if (isWithin(own, folder)) return `${own} is nearer to the tests`;
  return `it is read only when pytest is called in ${folder}; from here ${own} is`;
}

function told(own: string | undefined, older: Located): string | undefined {
  const other = older.settings?.file ?? older.fault?.file;
  if (other === own) return undefined;
  return `pytest before 9.0 reads ${other ?? "no file"} instead${own === undefined ? "" : ` of ${own}`}`;
}
