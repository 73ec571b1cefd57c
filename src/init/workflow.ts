/** What the workflows of both CI systems are made from. */
import type { Detection } from "./detect.ts";
import type { Language, Runner } from "./runners.ts";

export interface WorkflowInput {
  readonly suite: string;
  /** The variables that the configuration reads. */
  readonly variables: readonly string[];
  readonly runner: Runner | undefined;
  readonly install: Detection["install"];
  readonly compose: Detection["compose"];
}

/** Stands where no test runner was recognised; ends as `greenlight run` does when the command is not there. */
export const PLACEHOLDER = "./run-tests";

/** The command of the suite. */
export const commandOf = ({ runner }: WorkflowInput): string => runner?.command ?? PLACEHOLDER;

/** The options of `greenlight run`, and the suite's own command. */
export function runArguments(input: WorkflowInput, reports: readonly string[]): string[] {
  const { suite, runner } = input;
  const junit = runner === undefined ? [] : [`--junit '${runner.junit}'`];
  return [
    `greenlight run --suite ${suite} --timeout 5m`,
    [...junit, ...reports.map((report) => `--report ${report}`)].join(" "),
    `-- ${commandOf(input)}`,
  ];
}

/** How the packages of the tests are installed. */
export function installOf({ runner, install }: WorkflowInput): string | undefined {
  const commands: Readonly<Record<Language, string | undefined>> = {
    python: install.python,
    node: install.node,
    go: "go install gotest.tools/gotestsum@v1.12.0",
    java: undefined,
  };
  return runner && commands[runner.language];
}
