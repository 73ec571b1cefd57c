import type { Command } from "commander";
import { createProgram } from "../commands/program.ts";

const INTRODUCTION = `# The command line

<!-- Generated from the commands' own help by \`npm run docs\`. -->

From a checkout, \`greenlight\` is \`node src/cli.ts\`. Results go to stdout and messages to stderr. With \`--json\` the
result is one object with a \`schemaVersion\`; members are added to it and not changed. Colours appear on a terminal
only; \`NO_COLOR\`, \`FORCE_COLOR\`, \`TERM=dumb\` and \`--no-color\` are honoured.
`;

/** `docs/reference/cli.md`: the help of each command, as it shows it. */
export async function generateCliReference(): Promise<string> {
  const program = await createProgram({ run: doNothing, serve: doNothing, healthcheck: doNothing });
  const sections = visible(program).map(
    ({ path, command }) => `## ${path}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  );
  return [INTRODUCTION, ...sections].join("\n");
}

async function doNothing(): Promise<void> {}

function visible(command: Command, parent = ""): { path: string; command: Command }[] {
  const path = `${parent} ${command.name()}`.trim();
  return [{ path, command }, ...command.commands.flatMap((child) => visible(child, path))];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 80,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}
