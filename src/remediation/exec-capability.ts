import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type ChildProcess, spawn } from "node:child_process";
import { oneLine, type Redact } from "../../services/redact.ts";
import type { ExecCapability, Executed } from "../../services/remediation/verify-exec.ts";
import type { Environment } from "../config/config.ts";
import { RUN_ID } from "../gate/child.ts";
import { readProcess } from "../gate/child-processes.ts";
import { explainRefusal, findProgram } from "../gate/child-program.ts";
import { endTree, type Stage } from "../gate/child-tree.ts";
import { clean } from "../views/text.ts";

export interface ExecOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly redact: Redact;
  /** How a command that is late is told to end. */
  readonly stages?: readonly Stage[];
}

/** What programs need to be found and to speak; nothing in it is a credential. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TMPDIR",
  "VIRTUAL_ENV",
] as const;

/** Of the end of what was written, which is kept; longer than what is shown, so that no secret is cut and so missed. */
const KEPT_BYTES = 64 * 1024;
/** A secret may stand across the place where the beginning was let go. */
const CUT_BYTES = 4 * 1024;
const SHOWN = 300;
const DRAIN_MS = 500;

const STAGES: readonly Stage[] = [
  { signal: "SIGTERM", ms: 1000 },
  { signal: "SIGKILL", ms: 2000 },
];

/** Starts programs in a session of their own, and ends all that they started. */
export function createExec({ cwd, env, redact, stages = STAGES }: ExecOptions): ExecCapability {
  return {
    async run(command, { ms, signal }) {
      signal.throwIfAborted();
      const [name = "", ...args] = command;
      const found = findProgram(name, { cwd, path: env["PATH"] });
      if (found.kind === "failure") return { kind: "not-started", because: redact(found.failure.message) };
      const runId = randomUUID();
      const child = spawn(found.path, args, {
        argv0: name,
        cwd,
        env: { ...limited(env), [RUN_ID]: runId },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const output = keepEnd(child);
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      child.once("close", () => close());
      const started = await begin(child);
      if (started !== undefined)
        return { kind: "not-started", because: redact(explainRefusal(started, found.path).message) };
      const leader = child.pid ?? 0;
      const startTicks = readProcess(leader)?.startTicks ?? 0;
      const mark = { leader, startTicks, variable: `${RUN_ID}=${runId}` };
      const end = await ended(child, { ms, signal });
      await endTree(mark, stages);
      // What was written last may still be on its way; who holds the pipe has been ended.
      await Promise.race([closed, delay(DRAIN_MS)]);
      signal.throwIfAborted();
      return { ...end, output: shown(output(), redact) };
    },
  };
}

type End = Executed extends infer E ? (E extends { output: string } ? Omit<E, "output"> : never) : never;

function ended(child: ChildProcess, { ms, signal }: { ms: number; signal: AbortSignal }): Promise<End> {
  return new Promise((resolve) => {
    const late = (): void => settle({ kind: "late" });
    const timer = setTimeout(late, ms);
    const settle = (end: End): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", late);
      resolve(end);
    };
    signal.addEventListener("abort", late, { once: true });
    if (signal.aborted) late();
    child.once("exit", (code, killedBy) =>
      settle(killedBy === null ? { kind: "exited", code: code ?? 0 } : { kind: "killed", signal: killedBy }),
    );
  });
}

/** Why it was not started. */
const begin = (child: ChildProcess): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    child.once("spawn", () => resolve(undefined)).once("error", resolve);
  });

/** What is written is read on, or the command would wait for a reader. */
function keepEnd({ stdout, stderr }: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  let cut = 0;
  const keep = (chunk: Buffer): void => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length <= KEPT_BYTES) return;
    kept = kept.subarray(-KEPT_BYTES);
    cut = CUT_BYTES;
  };
  for (const stream of [stdout, stderr]) stream?.on("data", keep).on("error", () => undefined);
  return () => kept.subarray(cut).toString("utf8");
}

/** Redacted before it is cut. */
function shown(output: string, redact: Redact): string {
  const line = clean(redact(output)).replaceAll(/\s+/g, " ").trim();
  return line.length <= SHOWN ? line : `…${oneLine(line.slice(-SHOWN), SHOWN)}`;
}

const limited = (env: Environment): Environment =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
