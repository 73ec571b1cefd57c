/** The commands of the service's own process: `serve` and `healthcheck`. */
import { type Command, InvalidArgumentError } from "commander";
import type { ProgramActions, ServeOptions } from "./actions.ts";
import { CONFIG } from "./help-text.ts";

export function addServe(program: Command, { serve }: ProgramActions): void {
  program
    .command("serve")
    .description("run the service: observe the dependencies and answer over HTTP")
    .option("-c, --config <path>", CONFIG)
    .option("-p, --port <number>", "port to listen on; wins over PORT and the file", readPort)
    .addHelpText("after", SERVE_EXIT_CODES)
    .action((options: ServeOptions) => serve(options));
}

export function addHealthcheck(program: Command, { healthcheck }: ProgramActions): void {
  program
    .command("healthcheck")
    .description("for containers: ask this machine's own service whether it lives; 0 or 1")
    .option("--url <url>", "the service; default: http://127.0.0.1:$PORT")
    .option("--path <path>", "what to ask for; default: /health/live")
    .addHelpText(
      "after",
      "\nExit codes:\n  0    healthy\n  1    not healthy, no answer within 2 s, or wrong arguments",
    )
    .action(() => healthcheck());
}

const SERVE_EXIT_CODES = `
Exit codes:
  0    stopped by SIGTERM or Ctrl-C
  64   wrong arguments
  69   cannot listen on the address
  70   a fault of Greenlight's own
  78   the configuration is wrong, or nothing is configured`;

function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return Number(text);
}
