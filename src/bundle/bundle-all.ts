import { copyFile, cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

const SERVICE = {
  server: "src/server.ts",
  "run-server": "src/run-server.ts",
  "lint-worker": "src/lint/worker.ts",
};
/** All commands, and those that pipelines call again and again. */
const PROGRAM = "src/commands/run-program.ts";
const GATE = "src/commands/gate-program.ts";

/** Bundles all that is published into a folder, with what stands beside it. */
export async function bundleAll(outdir: string): Promise<void> {
  await bundle({ entryPoints: SERVICE, outdir, form: "split" });
  const gate = await bundle({ entryPoints: { "gate-program": GATE }, outdir, form: "compiled" });
  // The command line is a few lines, which also answer a container's own check, and loads the program that it needs.
  await bundle({
    entryPoints: { cli: "src/cli.ts", "run-program": PROGRAM },
    outdir,
    form: "whole",
    beside: [
      { source: SERVICE["run-server"], file: "run-server.js" },
      { source: PROGRAM, file: "run-program.js" },
      { source: GATE, file: gate.get(GATE) as string, compiled: ["runGate"] },
    ],
  });
  const source = fileURLToPath(new URL("../", import.meta.url));
  await copyFile(join(source, "gate/pytest/greenlight_times.py"), join(outdir, "greenlight_times.py"));
  // As they are: browsers load them one by one, and types are for the sources alone.
  const options = { recursive: true, filter: (path: string) => !path.endsWith(".ts") };
  await cp(join(source, "dashboard"), join(outdir, "dashboard"), options);
}
