#!/usr/bin/env node
import { useCompileCache } from "./compile-cache.ts";

useCompileCache();
const [{ EXIT }, { runServer }] = await Promise.all([import("./exit-codes.ts"), import("./run-server.ts")]);

runServer({ process }).catch((error: unknown) => {
  process.stderr.write(`greenlight: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.software;
});
