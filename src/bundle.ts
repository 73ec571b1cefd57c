import { copyFile, cp } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Loaded only when they are needed, and some read files of their own package. */
const external = [
  "@fastify/swagger",
  "@fastify/swagger-ui",
  "ajv",
  "google-auth-library",
  "pg-native",
  "web-tree-sitter",
];

export interface BundleOptions {
  /** By name: the files to start from, relative to the project. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** An absolute path. */
  readonly outdir: string;
  /**
   * What is loaded on demand, or by several, becomes a file of its own. A service, which stays, then holds only the text of
   * what it uses. Without it each entry is one file, of which a command reads all, in less time than dozens of small ones.
   */
  readonly splitting: boolean;
  /** By name: entries of other bundles beside this one, which it loads when it needs them. */
  readonly beside?: Readonly<Record<string, string>>;
}

/**
 * Bundles programs as they are published. A process that loads 260 modules one by one takes a tenth of a second longer to
 * start, and keeps 10 MiB more.
 *
 * @throws esbuild's error for what cannot be bundled
 */
export async function bundle({ entryPoints, outdir, splitting, beside = {} }: BundleOptions): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    // All files in one folder: what is found beside a module (package.json, the pytest plugin) is found from each of them.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting,
    format: "esm",
    platform: "node",
    target: "node24",
    external,
    // Names stay, and lines stay short: whoever reports a fault of ours sends a stack that can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    // Of a CommonJS package, a dynamic import has no named exports in a bundle; yaml has both forms.
    alias: { yaml: fileURLToPath(new URL("browser/index.js", packageOf("yaml"))) },
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    plugins: [leaveOut(beside), builtins],
    legalComments: "eof",
    logLevel: "warning",
  });
}

/** Imports what is bundled by itself from the file that it becomes. */
function leaveOut(beside: Readonly<Record<string, string>>): Plugin {
  const names = new Map(Object.entries(beside).map(([name, file]) => [join(root, file), name]));
  return {
    name: "beside",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
        const name = kind === "dynamic-import" ? names.get(join(resolveDir, path)) : undefined;
        return name === undefined ? undefined : { path: `./${name}.js`, external: true };
      });
    },
  };
}

/**
 * Takes Node's own modules as `require` does. An `import` reads every export of one to make a namespace of it, and in
 * node:http that loads undici, which takes 28 ms and which nothing here uses.
 */
const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?[\w/]+$/ }, ({ path, kind }) =>
      isBuiltin(path) && kind !== "require-call"
        ? { path, namespace: "builtin", sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => {
      const names = Object.getOwnPropertyNames(process.getBuiltinModule(path)).filter((name) =>
        /^[A-Za-z_$][\w$]*$/.test(name),
      );
      // Marked as pure: what nobody imports is not read either.
      const exports = names.map(
        (name) => `const ${name}_ = /* @__PURE__ */ at("${name}"); export { ${name}_ as ${name} };`,
      );
      const module = `const module = process.getBuiltinModule("${path}"), at = (name) => module[name];`;
      return { contents: [module, ...exports, "export default module;"].join("\n") };
    });
  },
};

/** The command line, behind a few lines that also answer a container's own check. */
const COMMAND_LINE = { cli: "src/cli.ts", "run-program": "src/commands/run-program.ts" };
const SERVICE = {
  server: "src/server.ts",
  "run-server": "src/run-server.ts",
  "lint-worker": "src/lint/worker.ts",
};

/** Bundles all that is published into a folder, with what stands beside it. */
export async function bundleAll(outdir: string): Promise<void> {
  const beside = { "run-program": COMMAND_LINE["run-program"], "run-server": SERVICE["run-server"] };
  await bundle({ entryPoints: SERVICE, outdir, splitting: true });
  await bundle({ entryPoints: COMMAND_LINE, outdir, splitting: false, beside });
  await copyFile(`${root}src/gate/pytest/greenlight_times.py`, join(outdir, "greenlight_times.py"));
  // As they are: browsers load them one by one, and types are for the sources alone.
  const options = { recursive: true, filter: (path: string) => !path.endsWith(".ts") };
  await cp(`${root}src/dashboard`, join(outdir, "dashboard"), options);
}

function packageOf(name: string): URL {
  return new URL("./", import.meta.resolve(`${name}/package.json`));
}
