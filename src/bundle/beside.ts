import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** A program of another bundle, in the same folder. */
export interface Beside {
  /** Relative to the project. */
  readonly source: string;
  /** The name of the file that it becomes. */
  readonly file: string;
  /** Its exports, where it is loaded with the code that earlier runs have compiled. */
  readonly compiled?: readonly string[];
}

/** Imports what is bundled by itself from the file that it becomes. */
export function importBeside(root: string, programs: readonly Beside[]): Plugin {
  const known = new Map(programs.map((program) => [join(root, program.source), program]));
  return {
    name: "beside",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
        const program = kind === "dynamic-import" ? known.get(join(resolveDir, path)) : undefined;
        if (program === undefined) return undefined;
        return program.compiled === undefined
          ? { path: `./${program.file}`, external: true }
          : { path: program.source, namespace: "compiled" };
      });
      build.onLoad({ filter: /.*/, namespace: "compiled" }, ({ path }) => {
        const program = known.get(join(root, path));
        return program && { contents: loaderOf(program), resolveDir: LOADER, loader: "js" };
      });
    },
  };
}

const LOADER = fileURLToPath(new URL("../", import.meta.url));

const loaderOf = ({ file, compiled = [] }: Beside): string => `
import { getCompileCacheDir } from "node:module";
import { loadProgram } from "./code-cache.ts";
const url = new URL("./${file}", import.meta.url);
const { exports } = loadProgram({ url, use: process.argv[2], folder: getCompileCacheDir(), process });
${compiled.map((name) => `export const ${name} = exports.${name};`).join("\n")}
`;
