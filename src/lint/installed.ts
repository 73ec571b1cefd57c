import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { extractMarkers, type MarkerFacts } from "../../services/lint/markers/extract.ts";
import { decodePython } from "../../services/lint/python/decode.ts";
import { createPythonParser, type PythonParser } from "./parser.ts";
import { readWhole } from "./read-file.ts";
import { findSitePackages, type SiteOptions } from "./site-packages.ts";

/** A plugin that pytest loads by itself. */
export interface InstalledPlugin {
  /** As package indexes write it: `pytest-django`. */
  readonly distribution: string;
  /** Of the entry point: `django`. */
  readonly name: string;
  readonly module: string;
  /** What the module registers, as far as it can be read. */
  readonly facts?: MarkerFacts;
}

export interface Installed {
  /** Of pytest; undefined when there is none. */
  readonly pytest: string | undefined;
  readonly plugins: readonly InstalledPlugin[];
}

const METADATA = /^(?<name>.+?)-(?<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/;

/**
 * What is installed beside pytest, read from the metadata of the packages; nothing of it is run. An environment that
 * cannot be read is one without plugins.
 */
export async function findInstalled(options: SiteOptions): Promise<Installed> {
  const found: InstalledPlugin[] = [];
  let pytest: string | undefined;
  const parser = await createPythonParser();
  try {
    for (const site of await findSitePackages(options)) {
      const names = await readdir(site).catch(() => []);
      for (const folder of names.toSorted((a, b) => (a < b ? -1 : 1))) {
        const { name = "", version } = METADATA.exec(folder)?.groups ?? {};
        if (name === "") continue;
        const distribution = name.toLowerCase().replaceAll(/[-_.]+/g, "-");
        if (distribution === "pytest") pytest ??= version;
        const text = await readFile(join(site, folder, "entry_points.txt"), "utf8").catch(() => "");
        for (const entry of pytestEntries(text))
          found.push({ distribution, ...entry, ...factsOf(site, entry.module, parser) });
      }
    }
  } finally {
    parser.delete();
  }
  return { pytest, plugins: found };
}

/** The section `pytest11` of `entry_points.txt`: `name = module:attribute [extra]`. */
function pytestEntries(text: string): { name: string; module: string }[] {
  const [, section = ""] = /^\[pytest11\][^\n]*\n([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text) ?? [];
  return section.split("\n").flatMap((line) => {
    const [, name = "", module = ""] = /^\s*([^=#;]+?)\s*=\s*([\w.]+)/.exec(line) ?? [];
    return name === "" ? [] : [{ name, module }];
  });
}

function factsOf(site: string, module: string, parser: PythonParser): { facts?: MarkerFacts } {
  const stem = join(site, ...module.split("."));
  for (const path of [`${stem}.py`, join(stem, "__init__.py")]) {
    const read = readWhole(path);
    if (!read.ok) continue;
    const decoded = decodePython(read.bytes);
    if (!decoded.ok) return {};
    const tree = parser.parse(decoded.text);
    try {
      const facts = extractMarkers({ path, text: decoded.text, tree });
      return facts === undefined ? {} : { facts };
    } finally {
      tree.delete();
    }
  }
  return {};
}
