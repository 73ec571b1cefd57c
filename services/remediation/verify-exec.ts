import { formatDuration } from "../duration.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { contrary, held, unknown } from "./verify-words.ts";

type ExecCall = Extract<VerifierCall, { kind: "exec" }>;

/** How a command ended; all that it started has ended too. */
export type Executed =
  | { readonly kind: "exited"; readonly code: number; readonly output: string }
  | { readonly kind: "killed"; readonly signal: string; readonly output: string }
  /** It was ended when its time was up. */
  | { readonly kind: "late"; readonly output: string }
  | { readonly kind: "not-started"; readonly because: string };

/** Runs a program with its arguments, without a shell and without the secrets of this process. */
export interface ExecCapability {
  /** The output is the end of what it wrote, redacted, in one line. Rejects with the reason of the signal alone. */
  run(
    command: readonly string[],
    options: { readonly ms: number; readonly signal: AbortSignal },
  ): Promise<Executed>;
}

/** For a command whose call gives no time. */
const DEFAULT_MS = 60_000;

export async function verifyExec(
  call: ExecCall,
  exec: ExecCapability,
  signal: AbortSignal,
): Promise<Verified> {
  const { command, exitCode = 0, withinMs } = call;
  const ms = withinMs ?? DEFAULT_MS;
  const ended = await exec.run(command, { ms, signal });
  const [program = ""] = command;
  if (ended.kind === "not-started") return unknown(ended.because);
  const said = ended.output === "" ? "" : `: ${ended.output}`;
  if (ended.kind === "exited" && ended.code === exitCode)
    return held(`${program} ends with exit code ${exitCode}${said}`);
  // Whoever gives it a time wants it tried again.
  const mayCome = withinMs !== undefined && ended.kind !== "late";
  return contrary(`${program}: expected exit code ${exitCode}, found ${endOf(ended, ms)}${said}`, mayCome);
}

function endOf(ended: Exclude<Executed, { kind: "not-started" }>, ms: number): string {
  if (ended.kind === "exited") return `exit code ${ended.code}`;
  return ended.kind === "killed" ? `an end by ${ended.signal}` : `no end within ${formatDuration(ms)}`;
}
