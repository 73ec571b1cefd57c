import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Beside, importBeside } from "./beside.ts";
import { builtins } from "./builtins.ts";
import { checkAscii } from "./check-ascii.ts";
import { ioredis } from "./ioredis.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

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
   * `split`: what is loaded on demand, or by several, becomes a file of its own. A service, which stays, then holds only the
   * text of what it uses. `whole`: each entry is one file, of which a command reads all, in less time than dozens of small
   * ones. `compiled`: the same as CommonJS for `loadProgram`, with its hash in its name.
   */
  readonly form: "split" | "whole" | "compiled";
  /** Entries of other bundles beside this one, which it loads when it needs them. */
  readonly beside?: readonly Beside[];
}

/**
 * Bundles programs as they are published, and gives the names of their files by the sources that were started from. A
 * process that loads 260 modules one by one takes a tenth of a second longer to start, and keeps 10 MiB more.
 *
 * @throws esbuild's error for what cannot be bundled
 */
export async function bundle(options: BundleOptions): Promise<ReadonlyMap<string, string>> {
  const { entryPoints, outdir, form, beside = [] } = options;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    // All files in one folder: what is found beside a module (package.json, the pytest plugin) is found from each of them.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: form === "split",
    ...(form === "compiled" ? COMMON_JS : MODULES),
    platform: "node",
    target: "node24",
    external,
    // Names stay, and lines stay short: whoever reports a fault of ours sends a stack that can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    // Of a CommonJS package, a dynamic import has no named exports in a bundle; yaml has both forms.
    alias: { yaml: fileURLToPath(new URL("browser/index.js", packageOf("yaml"))) },
    plugins: [importBeside(root, beside), builtins, ioredis],
    // Beside each file, in one of its own.
    legalComments: "external",
    logLevel: "warning",
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs).filter(([file]) => /\.c?js$/.test(file));
  await Promise.all(outputs.map(([file]) => checkAscii(join(root, file))));
  return new Map(
    outputs.flatMap(([file, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[entryPoint, basename(file)]],
    ),
  );
}

const MODULES = {
  format: "esm",
  banner: {
    js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
  },
} as const;

const COMMON_JS = {
  format: "cjs",
  define: { "import.meta.url": "moduleUrl" },
  entryNames: "[name]-[hash]",
  outExtension: { ".js": ".cjs" },
  // In code that `vm` compiles, `import()` is an experiment; what is left of it are CommonJS packages.
  supported: { "dynamic-import": false },
} as const;

function packageOf(name: string): URL {
  return new URL("./", import.meta.resolve(`${name}/package.json`));
}
