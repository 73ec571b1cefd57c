// `npm run build [-- FOLDER]`: bundles what is published and what the image runs.
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { bundleAll } from "./bundle/bundle-all.ts";

/** Default: `dist`. */
const [, , folder = "dist"] = process.argv;
const outdir = resolve(folder);
await rm(outdir, { recursive: true, force: true });
await bundleAll(outdir);
