// Runs a command as `greenlight run` does once the environment is fit, and writes how it ended into a file.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { startChild } from "../../../src/gate/child.ts";
import { findProgram } from "../../../src/gate/child-program.ts";

const [, , result = "", abortAfter = "", ...command] = process.argv;
const { PATH } = process.env;
const found = findProgram(command[0] ?? "", { cwd: process.cwd(), path: PATH });
if (found.kind === "failure") {
  writeFileSync(result, JSON.stringify(found.failure));
} else {
  const child = startChild({
    program: found.path,
    command,
    cwd: process.cwd(),
    env: { ...process.env, GREENLIGHT_RUN_ID: result },
    runId: result,
    stdout: "stdout",
    host: process,
  });
  if (abortAfter !== "never") setTimeout(() => child.abort(), Number(abortAfter));
  writeFileSync(result, JSON.stringify(await child.finished));
}
