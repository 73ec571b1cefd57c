import type { MarkerFacts, MarkerRegistration } from "./facts.ts";
import { folderOf, isWithin, parentOf } from "./folders.ts";
import { hasFeature } from "./version.ts";

export interface LoadedInput {
  readonly files: ReadonlyMap<string, MarkerFacts>;
  readonly version: string;
  readonly rootdir: string;
  /** Where collection begins: the folders pytest is called with, or `testpaths`. */
  readonly anchors: readonly string[];
  /** Modules that are plugins: of `-p`, and of the project's own entry points. */
  readonly plugins: readonly string[];
}

/** A marker registered by code. */
export interface CodeRegistration extends MarkerRegistration {
  readonly file: string;
  /** Known from then on to all that is collected later; `undefined`: known from the start. */
  readonly folder?: string;
  /** A plugin's, made for other suites. */
  readonly shared: boolean;
}

/** What the code of a suite registers, and what it would if anything loaded it. */
export interface Loaded {
  readonly registrations: readonly CodeRegistration[];
  /** Files that register something and are loaded by nothing that can be seen. */
  readonly idle: ReadonlyMap<string, MarkerFacts>;
}

interface Reached {
  readonly file: string;
  readonly folder?: string;
  readonly shared: boolean;
}

/** Follows conftest files, `pytest_plugins`, `-p` and imports to the files that register markers. */
export function findLoaded(input: LoadedInput): Loaded {
  const { files, plugins } = input;
  const modules = indexModules([...files.keys()]);
  const queue: Reached[] = plugins
    .flatMap((name) => modules(name, "."))
    .map((file) => ({ file, shared: true }));
  for (const file of files.keys()) {
    const folder = folderOf(file);
    if (!/(?:^|\/)conftest\.py$/.test(file) || isAbove(folder, input.rootdir)) continue;
    queue.push(isInitial(folder, input) ? { file, shared: false } : { file, folder, shared: false });
  }
  // What is known from the start comes first: a file that two conftest files load counts as loaded early.
  queue.sort((a, b) => Number(a.folder !== undefined) - Number(b.folder !== undefined));
  const reached = new Map<string, Reached>();
  for (const next of queue) {
    if (reached.has(next.file)) continue;
    reached.set(next.file, next);
    const facts = files.get(next.file);
    for (const name of [...(facts?.plugins ?? []), ...(facts?.imports ?? [])]) {
      for (const file of modules(name, folderOf(next.file))) queue.push({ ...next, file });
    }
  }
  const registrations = [...reached.values()].flatMap(({ file, folder, shared }) =>
    (files.get(file)?.registers ?? []).map((one): CodeRegistration => {
      const scope = folder === undefined ? {} : { folder };
      return Object.assign({ file, shared }, scope, one);
    }),
  );
  const idle = new Map(
    [...files].filter(([file, { registers }]) => registers.length > 0 && !reached.has(file)),
  );
  return { registrations, idle };
}

/** Folder `a` is above `b`, and not `b` itself. */
const isAbove = (a: string, b: string): boolean => a !== b && isWithin(b, a);

/** Loaded before anything is collected: on the way to where collection begins, and in `test*` right below. */
function isInitial(folder: string, { anchors }: LoadedInput): boolean {
  return anchors.some((anchor) => {
    if (isWithin(anchor, folder)) return true;
    return parentOf(folder) === anchor && folder.slice(folder.lastIndexOf("/") + 1).startsWith("test");
  });
}

/** Finds files by the names of modules; a name may begin at any folder, since any may be on the path. */
function indexModules(files: readonly string[]): (name: string, folder: string) => readonly string[] {
  const byLast = new Map<string, string[]>();
  for (const file of files) {
    const dotted = file.replace(/(?:\/__init__)?\.py$/, "");
    const last = dotted.slice(dotted.lastIndexOf("/") + 1);
    byLast.set(last, [...(byLast.get(last) ?? []), file]);
  }
  return (name, folder) => {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const path = name.slice(dots).replaceAll(".", "/");
    const last = path.slice(path.lastIndexOf("/") + 1);
    const endings = [`${path}.py`, `${path}/__init__.py`];
    const found = byLast.get(last) ?? [];
    if (dots === 0)
      return found.filter((file) => endings.some((end) => file === end || file.endsWith(`/${end}`)));
    let base = folder;
    for (let index = 1; index < dots; index++) base = parentOf(base);
    return found.filter((file) => endings.some((end) => file === (base === "." ? end : `${base}/${end}`)));
  };
}

/** Whether a marker registered in `folder` is known when `file`, outside of it, is collected in a run of everything. */
export function isReachedBefore(folder: string, file: string, version: string): boolean {
  if (!hasFeature(version, "conftestInOrder")) return true;
  const [own, other] = [folder.split("/"), file.split("/")];
  const at = own.findIndex((name, index) => name !== other[index]);
  return at !== -1 && (own[at] ?? "") < (other[at] ?? "");
}
