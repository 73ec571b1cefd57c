/**
 * Waits until the environment of the suite is fit, and ends the run with the reasons when it is not: once for the whole
 * run, before the first worker starts.
 *
 * WAIT_FOR_SUITE names the suite (`all` without it), WAIT_TIMEOUT the longest wait (`5m`), GREENLIGHT_URL a service to ask.
 * The command line is `greenlight` on PATH, or the program that WAIT_COMMAND names.
 */
import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";

const run = promisify(execFile);

interface Failure {
  /** The exit code, or ENOENT and the like. */
  readonly code?: number | string;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface WaitRecord {
  readonly summary: string;
  readonly gate: {
    readonly evaluation: {
      readonly reasons: readonly { readonly message: string; readonly effect: string }[];
    };
  };
  readonly nextSteps: readonly string[];
}

export default async function setup(): Promise<void> {
  const { env } = process;
  // `greenlight run -- vitest` has waited, and says so.
  if (env["GREENLIGHT_VERDICT"] === "go") return;
  const suite = env["WAIT_FOR_SUITE"] ?? "all";
  const command = env["WAIT_COMMAND"] ?? "greenlight";
  const options = [`--suite=${suite}`, `--timeout=${env["WAIT_TIMEOUT"] ?? "5m"}`, "--json"];
  const failure = await run(command, ["wait", ...options]).then(
    () => undefined,
    (error: Failure) => error,
  );
  if (failure === undefined) return;
  const { code, stdout = "", stderr = "" } = failure;
  // Vitest ends with 1 whatever a set-up throws; a pipeline wants to know 75 (try again later) from 69 (somebody must act).
  process.once("exit", () => (process.exitCode = typeof code === "number" ? code : 78));
  throw new Error(`Greenlight: ${explain(stdout) ?? (stderr.trim() || `${command}: ${code}`)}`);
}

function explain(json: string): string | undefined {
  try {
    const { summary, gate, nextSteps } = JSON.parse(json) as WaitRecord;
    const reasons = gate.evaluation.reasons.filter(({ effect }) => effect === "blocks");
    const lines = [
      summary,
      ...reasons.map(({ message }) => `  - ${message}`),
      ...nextSteps.map((step, index) => `  ${index + 1}. ${step}`),
    ];
    return stripVTControlCharacters(lines.join("\n"));
  } catch {
    return undefined;
  }
}
