import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { eventually } from "../support/wait.ts";
import { QUICK } from "./application.ts";
import { ask } from "./ask.ts";

export interface LogLine {
  readonly severity: string;
  readonly message: string;
  readonly time: string;
  readonly [field: string]: unknown;
}

/** `node src/server.ts` as a process of its own. */
export interface Spawned {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  lines(): LogLine[];
  /** The exit code, or the name of the signal, and how long it took from the call. */
  ended(): Promise<{ end: number | string; ms: number }>;
}

export interface SpawnOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of Node, before the entry. */
  readonly node?: readonly string[];
  readonly cwd?: string;
}

const entry = fileURLToPath(new URL("../../src/server.ts", import.meta.url));

/** Starts it with the given variables and no others of this process; killed when the test is over. */
export async function spawnServer({ env, node = [], cwd = tmpdir() }: SpawnOptions): Promise<Spawned> {
  const port = Number(env.PORT ?? (await freePort()));
  const child = spawn(process.execPath, [...node, entry], {
    cwd,
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", ...QUICK, ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  const closed = new Promise<number | string>(
    (resolve) => void child.once("close", (code, signal) => resolve(code ?? signal ?? "none")),
  );
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    lines: () =>
      output.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as LogLine),
    async ended() {
      const from = performance.now();
      const end = await closed;
      return { end, ms: performance.now() - from };
    },
  };
}

/** Starts it and waits until it is ready, and until `/health` has the status given. */
export async function spawnReady(options: SpawnOptions, status?: "pass" | "warn" | "fail"): Promise<Spawned> {
  const server = await spawnServer(options);
  await eventually(async () => (await ask(`${server.url}/health/ready`)).status === 200, {
    deadlineMs: 20_000,
    intervalMs: 25,
  });
  if (status !== undefined) {
    await eventually(
      async () => {
        const answer = await ask(`${server.url}/health`);
        return answer.body.status === status && !answer.text.includes("NOT_EVALUATED")
          ? true
          : Promise.reject(new Error(answer.text));
      },
      { deadlineMs: 20_000, intervalMs: 25 },
    );
  }
  return server;
}

/** Open files and sockets of a process, as Linux counts them. */
export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resident memory of a process in MiB, as Linux counts it. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Sockets of clients that are connected to each port, or trying to be, as Linux counts them. */
export function connectionsTo(ports: readonly number[]): number[] {
  const wanted = ports.map((port) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`);
  const counts = ports.map(() => 0);
  const connecting = new Set(["01", "02"]);
  for (const row of readFileSync("/proc/net/tcp", "latin1").split("\n")) {
    const index = wanted.indexOf(row.slice(28, 33).trimEnd());
    if (index >= 0 && connecting.has(row.slice(34, 36))) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
