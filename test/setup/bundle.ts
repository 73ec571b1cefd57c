import { execFile } from "node:child_process";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The bundled command line. */
    cli: string;
  }
}

/**
 * Bundles once for all tests: the command line is tested as it is published, and starts in half the time. Beside the
 * packages, where a published one is too.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = resolve(`node_modules/.cache/greenlight-test-${process.pid}`);
  await mkdir(home, { recursive: true });
  await copyFile("package.json", `${home}/package.json`);
  await promisify(execFile)(process.execPath, ["src/build.ts", `${home}/dist`]);
  project.provide("cli", `${home}/dist/cli.js`);
  return () => rm(home, { recursive: true, force: true });
}
