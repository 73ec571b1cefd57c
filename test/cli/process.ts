import type { CliProcess } from "../../src/commands/context.ts";

/** A process for commands run inside a test; what they write is kept. */
export function fakeProcess(
  args: readonly string[],
  options: { env?: CliProcess["env"]; columns?: number } = {},
) {
  const written = { stdout: "", stderr: "" };
  const listeners = new Map<string, () => void>();
  const { columns } = options;
  const output = (name: "stdout" | "stderr") => ({
    write: (text: string) => (written[name] += text),
    ...(columns === undefined ? {} : { isTTY: true, columns }),
  });
  const process: CliProcess = {
    argv: ["node", "cli.ts", ...args],
    env: { LANG: "C.UTF-8", ...options.env },
    stdout: output("stdout"),
    stderr: output("stderr"),
    cwd: () => "/",
    once: (event, listener) => listeners.set(event, listener),
    off: (event) => listeners.delete(event),
  };
  return { process, written, listeners };
}
