import { STANDARD_MODULES } from "./standard.ts";

/** A module by its path without `.py` or `/__init__.py`; a folder without `__init__.py` is one too. */
export type ModulePath = string;

export interface Modules {
  /** The module that a file is. */
  readonly of: (file: string) => ModulePath;
  /** Its file; undefined for a folder without `__init__.py`. */
  readonly file: (path: ModulePath) => string | undefined;
  readonly child: (path: ModulePath, name: string) => ModulePath | undefined;
  /**
   * What `module` may mean in `file`. `outside`: not in this tree. `unsure`: there is such a file, but what Python takes
   * depends on what is not written here.
   */
  readonly find: (file: string, module: string) => "outside" | "unsure" | readonly FoundModule[];
}

export interface FoundModule {
  readonly path: ModulePath;
  /** Its folder is one that Python looks in. Where it is not, it may be all the same: somebody may have added it. */
  readonly likely: boolean;
}

export interface ModulesOptions {
  readonly files: Iterable<string>;
  /** Folders that Python looks in, relative to the tree, "" for the tree itself. */
  readonly roots: readonly string[];
  /** Names that Python takes from its own library. */
  readonly standard?: ReadonlySet<string>;
}

const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

export function createModules({ files, roots, standard = STANDARD_MODULES }: ModulesOptions): Modules {
  const fileOf = new Map<ModulePath, string | undefined>();
  const byName = new Map<string, ModulePath[]>();
  const testFolders = new Set<string>();
  const sorted = [...files].filter((file) => file.endsWith(".py"));
  const add = (path: ModulePath): void => {
    if (fileOf.has(path)) return;
    fileOf.set(path, undefined);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [path]);
    else known.push(path);
    const folder = folderOf(path);
    if (folder !== "") add(folder);
  };
  for (const file of sorted) {
    const path = moduleOf(file);
    if (path === "") continue;
    add(path);
    // A package wins over a module of the same name.
    if (file.endsWith("/__init__.py") || fileOf.get(path) === undefined) fileOf.set(path, file);
  }
  const isPackage = (path: string): boolean => fileOf.get(path)?.endsWith("/__init__.py") === true;
  /** The folder that pytest adds to Python's path for a file: the first one upwards that is no package. */
  const base = (file: string): string => {
    let folder = folderOf(file);
    while (folder !== "" && isPackage(folder)) folder = folderOf(folder);
    return folder;
  };
  for (const file of sorted)
    if (/(?:^|\/)(?:conftest|test_[^/]*|[^/]*_test)\.py$/.test(file)) testFolders.add(base(file));

  function isLikely(root: string, top: ModulePath, file: string): boolean {
    const known = root === "" || root === "src" || roots.includes(root);
    const isFile = fileOf.get(top) !== undefined;
    // Any installed package of that name wins over a folder without `__init__.py`.
    if (!isFile && !known) return file.startsWith(`${top}/`);
    if (known) return true;
    if (isPackage(root)) return false;
    return testFolders.has(root) || file.startsWith(`${root}/`) || isSourceBeside(root, file);
  }

  function find(file: string, module: string): "outside" | "unsure" | readonly FoundModule[] {
    const points = /^\.*/.exec(module)?.[0].length ?? 0;
    const names = module
      .slice(points)
      .split(".")
      .filter((name) => name !== "");
    if (points > 0) {
      let folder = folderOf(file);
      for (let level = 1; level < points; level += 1) folder = folderOf(folder);
      const path = names.reduce(join, folder);
      return fileOf.has(path) ? [{ path, likely: true }] : "unsure";
    }
    const [top = ""] = names;
    const suffix = names.join("/");
    const tops = byName.get(top);
    if (tops === undefined) return "outside";
    if (standard.has(top))
      return tops.some((path) => folderOf(path) === "" || fileOf.get(path) !== undefined)
        ? "unsure"
        : "outside";
    const paths = (byName.get(names.at(-1) ?? "") ?? []).filter(
      (path) => path === suffix || path.endsWith(`/${suffix}`),
    );
    const found = paths.map((path) => {
      const root = path.slice(0, -suffix.length - 1);
      return { path, likely: isLikely(root, join(root, top), file) };
    });
    return found.some(({ likely }) => likely) ? found : "unsure";
  }

  return {
    of: moduleOf,
    file: (path) => fileOf.get(path),
    child: (path, name) =>
      fileOf.has(join(path, name)) && !isPlainModule(fileOf.get(path)) ? join(path, name) : undefined,
    find,
  };
}

/** `backend/src` for `backend/tests/test_app.py`. */
const isSourceBeside = (root: string, file: string): boolean =>
  /\/(?:src|lib)$/.test(root) && file.startsWith(`${folderOf(root)}/`);

const isPlainModule = (file: string | undefined): boolean =>
  file !== undefined && !file.endsWith("/__init__.py");

const moduleOf = (file: string): ModulePath =>
  file.endsWith("/__init__.py") ? folderOf(file) : file === "__init__.py" ? "" : file.slice(0, -".py".length);
