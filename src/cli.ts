#!/usr/bin/env node
import { useCompileCache } from "./compile-cache.ts";
import { EXIT } from "./exit-codes.ts";

useCompileCache();

// Whoever reads our output may stop early (`| head`): that is no error of ours, and the exit code stays what it was.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(EXIT.software);
  });
}

const [, , command, ...rest] = process.argv;
const asksHelp = rest.includes("--help") || rest.includes("-h");
if (command === "healthcheck" && !asksHelp) {
  // It starts every few seconds in each container: the parser of the other commands is not loaded for it.
  const { healthcheck } = await import("./commands/healthcheck.ts");
  process.exitCode = await healthcheck(process);
} else {
  // What is compiled for help, or to say what would be done, is not what a gate needs the next time.
  const isGate = (command === "wait" || command === "run") && !asksHelp && !rest.includes("--dry-run");
  const runCommand = isGate
    ? (await import("./commands/gate-program.ts")).runGate
    : (await import("./commands/run-program.ts")).runProgram;
  const outcome = await runCommand({
    process,
    serve: async ({ config, port }) =>
      (await import("./run-server.ts")).runServer({ process, configPath: config, port }),
  });
  if (outcome.kind === "done") {
    process.exitCode = outcome.exitCode;
    // A resolver that does not answer cannot be called off and would hold the process for seconds.
    process.stdout.write("", () => process.exit());
  }
}
