import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../../src/commands/program.ts";

/** A step of a workflow or of a composite action. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
}

export const readYaml = (path: string): unknown => parse(readFileSync(path, "utf8"), { merge: true });

/** The words of each `greenlight wait` and `greenlight run` in a script, up to the command of the suite. */
export function gateCommands(script: string): { readonly command: string; readonly words: string[] }[] {
  const lines = script.replaceAll(/\\\n/g, " ");
  return [...lines.matchAll(/^\s*greenlight (wait|run) (.*)$/gm)].map(([, command = "", rest = ""]) => {
    const own = rest.split(/ -- | \|\| /)[0] ?? "";
    return { command, words: own.match(/"[^"]*"|'[^']*'|\S+/g) ?? [] };
  });
}

/** The long options that the command line has for this command. */
export async function optionsOf(name: string): Promise<ReadonlySet<string>> {
  const program = await createProgram({
    run: async () => undefined,
    serve: async () => undefined,
    healthcheck: async () => undefined,
  });
  const command = program.commands.find((each) => each.name() === name);
  return new Set(command?.options.map(({ long }) => long ?? ""));
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with these variables and no other but PATH. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(file, args, {
    cwd,
    env: { HOME, LANG: "C.UTF-8", PATH: [dirname(process.execPath), PATH].join(delimiter), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** As GitHub runs a step whose shell is bash. */
export const runStep = (
  script: string,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> =>
  runProgram("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script], options);

/** A folder for the tests of a file, gone after the last one. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-examples-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts an executable there, and returns its path. */
export function writeExecutable(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

/** `greenlight` from source, as the guides have people write it. */
export const writeGreenlight = (folder: string): string =>
  writeExecutable(
    join(folder, "greenlight"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(process.cwd(), "src/cli.ts")}" "$@"\n`,
  );
