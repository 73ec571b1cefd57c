import type { CommandContext } from "./context.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly port?: number;
}

/** What the commands of the table have done for them. */
export interface ProgramActions {
  /** Runs a command that resolves with its exit code. */
  readonly run: (work: (context: CommandContext) => Promise<number>) => Promise<void>;
  /** Runs the service; it sets the exit code itself. */
  readonly serve: (options: ServeOptions) => Promise<void>;
  readonly healthcheck: () => Promise<void>;
}
