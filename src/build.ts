// `npm run build [-- FOLDER]`: bundles what is published and what the image runs.
import { copyFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
/** Default: `dist`. */
const [, , folder = "dist"] = process.argv;
const outdir = `${root}${folder}/`;

await rm(outdir, { recursive: true, force: true });
const entryPoints = { cli: "src/cli.ts", server: "src/server.ts", "lint-worker": "src/lint/worker.ts" };
await bundle({ entryPoints, outdir });
await copyFile(`${root}src/gate/pytest/greenlight_times.py`, `${outdir}greenlight_times.py`);
