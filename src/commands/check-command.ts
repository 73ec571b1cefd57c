import { type Command, InvalidArgumentError } from "commander";
import { LONGEST_TIMER_MS, parseDuration } from "../../services/duration.ts";
import { EXIT } from "../exit-codes.ts";
import type { ProgramActions } from "./actions.ts";
import type { CheckOptions } from "./check.ts";
import { addDeployment } from "./deployment-command.ts";
import { CONFIG, exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";

/** Adds `check`, and `check deployment` below it. */
export function addCheck(program: Command, actions: ProgramActions): void {
  const check = withOutput(
    program.command("check").description("look at every dependency once, from here, without a service"),
  );
  addDeployment(check, actions);
  check
    .argument(
      "[urls...]",
      "postgres://, clickhouse://, http(s):// (ClickHouse), redis://, ws(s)://, tcp://, tls://; default: what is configured",
    )
    .option("-c, --config <path>", CONFIG)
    .option("-t, --timeout <duration>", "longest time for one dependency, such as 10s", readDuration)
    .option("--only <names>", "only these, separated by commas", readNames)
    .option("--both", "look from here and ask a service too, and say where the two differ")
    .option("-u, --url <url>", "the service for --both; default: GREENLIGHT_URL")
    .option("--strict-validation", "end with a stop for errors in configuration and context too")
    .addHelpText("after", exitCodeHelp([EXIT.ok, EXIT.usage, EXIT.unavailable, EXIT.temporary, EXIT.config]))
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight check                              # DATABASE_URL, AUTH_URL, … or greenlight.yaml",
        "greenlight check --only postgres --json",
        'greenlight check "$DATABASE_URL" "$REPLICA_URL"',
        "greenlight check --both --url https://greenlight.example   # is it down, or not reached from here?",
      ]),
    )
    .addHelpText(
      "after",
      "\nA password in an argument shows in the machine's list of processes; a variable does not.",
    )
    .action((urls: string[], options: Omit<CheckOptions, "urls">) =>
      actions.run(async (context) => (await import("./check.ts")).check(context, { ...options, urls })),
    );
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (!(ms >= 1))
    throw new InvalidArgumentError("Expected a duration with its unit, such as 500ms, 10s or 2m.");
  return Math.min(ms, LONGEST_TIMER_MS);
}

function readNames(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("Expected names, separated by commas.");
  return names;
}
