#!/usr/bin/env node
import { EXIT } from "./exit-codes.ts";
import { runServer } from "./run-server.ts";

runServer({ process }).catch((error: unknown) => {
  process.stderr.write(`greenlight: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.software;
});
