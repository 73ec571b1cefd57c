import { type Command, CommanderError } from "commander";
import { createRedact, type Redact } from "../../services/redact.ts";
import { EXIT } from "../exit-codes.ts";
import { CliError } from "./cli-error.ts";
import type { CliProcess } from "./context.ts";
import { InterruptError, interruptible } from "./interrupt.ts";
import type { ProgramActions, ServeOptions } from "./actions.ts";
import { type CommandTable, createParser } from "./parser.ts";

export interface RunCommandsOptions {
  readonly commands: CommandTable;
  readonly process: CliProcess;
  /** Runs the service in this process until it is told to stop. */
  readonly serve: (options: ServeOptions) => Promise<void>;
}

/** `done`: the exit code. `serving`: the service runs and will set it. */
export type Outcome = { readonly kind: "done"; readonly exitCode: number } | { readonly kind: "serving" };

/** Reads the arguments and runs the command. Never throws: what goes wrong is told on stderr and by the exit code. */
export async function runCommands({ commands, process, serve }: RunCommandsOptions): Promise<Outcome> {
  let outcome: Outcome = { kind: "done", exitCode: EXIT.ok };
  const actions: ProgramActions = {
    async run(work) {
      const { env, stdout, stderr } = process;
      const exitCode = await interruptible(process, (signal) =>
        work({ env, cwd: process.cwd(), stdout, stderr, signal }),
      );
      outcome = { kind: "done", exitCode };
    },
    async serve(options) {
      outcome = { kind: "serving" };
      await serve(options);
    },
    async healthcheck() {
      const { healthcheck } = await import("./healthcheck.ts");
      outcome = { kind: "done", exitCode: await healthcheck(process) };
    },
  };
  try {
    const program = await createParser(commands, actions, process.argv[2]);
    for (const command of withChildren(program)) prepare(command, process);
    await program.parseAsync([...process.argv]);
    return outcome;
  } catch (error) {
    return { kind: "done", exitCode: report(error, process) };
  }
}

const withChildren = (command: Command): Command[] => [command, ...command.commands.flatMap(withChildren)];

/** What a command inherits only when it is made after its parent was told. */
function prepare(command: Command, process: CliProcess): void {
  const { stdout, stderr } = process;
  const redact = createCliRedact(process);
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    getOutHelpWidth: () => (stdout.isTTY === true ? (stdout.columns ?? 80) : 80),
    getErrHelpWidth: () => (stderr.isTTY === true ? (stderr.columns ?? 80) : 80),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    outputError: (text, write) => write(`greenlight: ${redact(text).replace(/^error: /, "")}`),
  });
  command.showHelpAfterError("Run with --help to see what is possible.");
}

/** An argument may be a URL with a password, and Commander quotes what it does not know. */
function createCliRedact({ argv, env }: CliProcess): Redact {
  const urls = argv.filter((argument) => /:\/\/.*@/.test(argument));
  return createRedact([...urls, env.GREENLIGHT_TOKEN ?? ""]);
}

function report(error: unknown, process: CliProcess): number {
  const { stderr } = process;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof InterruptError) {
    stderr.write("\n");
    return error.exitCode;
  }
  const redact = createCliRedact(process);
  if (error instanceof CliError) {
    stderr.write(
      `greenlight: ${redact(error.message)}\n${error.hint === undefined ? "" : `${error.hint}\n`}`,
    );
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`greenlight: this is a fault of Greenlight itself.\n${redact(text)}\n`);
  return EXIT.software;
}
