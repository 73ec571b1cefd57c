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
}

/**
 * Bundles programs as they are published. A process that loads 260 modules one by one takes a tenth of a second longer to
 * start, and keeps 10 MiB more.
 *
 * @throws esbuild's error for what cannot be bundled
 */
export async function bundle({ entryPoints, outdir }: BundleOptions): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    // All files in one folder: what is found beside a module (package.json, the pytest plugin) is found from each of them.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external,
    // Of a CommonJS package, a dynamic import has no named exports in a bundle; yaml has both forms.
    alias: { yaml: fileURLToPath(new URL("browser/index.js", packageOf("yaml"))) },
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    plugins: [builtins],
    legalComments: "eof",
    logLevel: "warning",
  });
}

/**
 * Takes Node's own modules as `require` does. An `import` reads every export of one to make a namespace of it, and in
 * node:http that loads undici, which takes 28 ms and which nothing here uses.
 */
const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?[\w/]+$/ }, ({ path, kind }) =>
      isBuiltin(path) && kind !== "require-call" ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Bundles all that is published into a folder, with what stands beside it. */
export async function bundleAll(outdir: string): Promise<void> {
  const entryPoints = { cli: "src/cli.ts", server: "src/server.ts", "lint-worker": "src/lint/worker.ts" };
  await bundle({ entryPoints, outdir });
  await copyFile(`${root}src/gate/pytest/greenlight_times.py`, join(outdir, "greenlight_times.py"));
  // As they are: browsers load them one by one, and types are for the sources alone.
  const options = { recursive: true, filter: (path: string) => !path.endsWith(".ts") };
  await cp(`${root}src/dashboard`, join(outdir, "dashboard"), options);
}

function packageOf(name: string): URL {
  return new URL("./", import.meta.resolve(`${name}/package.json`));
}
