import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { extractMarkers, type MarkerFacts } from "../../services/lint/markers/extract.ts";
import { decodePython } from "../../services/lint/python/decode.ts";
import { createPythonParser, type PythonParser } from "./parser.ts";
import { readWhole } from "./read-file.ts";
import { findSitePackages, type SiteOptions } from "./site-packages.ts";

/** What pytest would find beside itself. */
export interface Installed {
  /** Its version; undefined when there is none. */
  readonly pytest: string | undefined;
  /** Names as package indexes write them: `pytest-django`. */
  readonly distributions: readonly string[];
  /** Markers that plugins register in their own code, as far as it can be read. */
  readonly registered: readonly string[];
}

const METADATA = /^(?<name>.+?)-(?<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/;

/**
 * What is installed beside pytest, read from the metadata of the packages; nothing of it is run. An environment that
 * cannot be read is one without plugins.
 */
export async function findInstalled(options: SiteOptions): Promise<Installed> {
  const distributions: string[] = [];
  const modules: { readonly site: string; readonly module: string }[] = [];
  let pytest: string | undefined;
  for (const site of await findSitePackages(options)) {
    const folders = await readdir(site).catch(() => []);
    for (const folder of folders.toSorted((a, b) => (a < b ? -1 : 1))) {
      const { name, version } = METADATA.exec(folder)?.groups ?? {};
      if (name === undefined) continue;
      const distribution = name.toLowerCase().replaceAll(/[-_.]+/g, "-");
      if (distribution === "pytest") pytest ??= version;
      distributions.push(distribution);
      const text = await readFile(join(site, folder, "entry_points.txt"), "utf8").catch(() => "");
      modules.push(...pytestModules(text).map((module) => ({ site, module })));
    }
  }
  return { pytest, distributions, registered: await readModules(modules) };
}

/** The section `pytest11` of `entry_points.txt`: `name = module:attribute [extra]`. */
function pytestModules(text: string): string[] {
  const [, section = ""] = /^\[pytest11\][^\n]*\n([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text) ?? [];
  return section.split("\n").flatMap((line) => {
    const [, module] = /^\s*[^=#;\s][^=]*=\s*([\w.]+)/.exec(line) ?? [];
    return module === undefined ? [] : [module];
  });
}

async function readModules(
  modules: readonly { readonly site: string; readonly module: string }[],
): Promise<readonly string[]> {
  if (modules.length === 0) return [];
  const parser = await createPythonParser();
  try {
    return modules.flatMap(({ site, module }) => {
      const facts = factsOf(join(site, ...module.split(".")), parser);
      return (facts?.registers ?? []).flatMap(({ name }) => name ?? []);
    });
  } finally {
    parser.delete();
  }
}

function factsOf(stem: string, parser: PythonParser): MarkerFacts | undefined {
  for (const path of [`${stem}.py`, join(stem, "__init__.py")]) {
    const read = readWhole(path);
    if (!read.ok) continue;
    const decoded = decodePython(read.bytes);
    if (!decoded.ok) return undefined;
    const tree = parser.parse(decoded.text);
    try {
      return extractMarkers({ path, text: decoded.text, tree });
    } finally {
      tree.delete();
    }
  }
  return undefined;
}
