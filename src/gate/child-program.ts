import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { EXIT } from "../exit-codes.ts";

/** Where a command is looked for. */
export interface ProgramPlace {
  readonly cwd: string;
  /** The variable PATH. */
  readonly path: string | undefined;
}

/** Why a command cannot be started, as a shell would tell it by exit code. */
export interface StartFailure {
  readonly exitCode: typeof EXIT.notFound | typeof EXIT.notExecutable;
  /** One sentence: what was found where. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

export type FoundProgram =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "failure"; readonly failure: StartFailure };

/** What execvp(3) takes when the variable is not set. */
const DEFAULT_PATH = "/bin:/usr/bin";

/** Looks for a program as execvp(3) does, so that a wait is not spent on a command that cannot be started. */
export function findProgram(name: string, place: ProgramPlace): FoundProgram {
  const candidates = name.includes("/")
    ? [resolve(place.cwd, name)]
    : (place.path ?? DEFAULT_PATH).split(delimiter).map((folder) => resolve(place.cwd, folder, name));
  const existing = name === "" ? [] : candidates.filter((path) => existsSync(path));
  const program = existing.find(isProgram);
  if (program !== undefined) return { kind: "found", path: program };
  const [first] = existing;
  return { kind: "failure", failure: first === undefined ? notFound(name, place) : notExecutable(first) };
}

/** Explains what the kernel refused although the program is there. */
export function explainRefusal(error: NodeJS.ErrnoException, path: string): StartFailure {
  const interpreter = interpreterOf(path);
  if (error.code === "ENOENT" && interpreter !== undefined && !existsSync(interpreter)) {
    return {
      exitCode: EXIT.notExecutable,
      message: `${path} begins with #!${JSON.stringify(interpreter).slice(1, -1)}, and there is no such program.`,
      hint: interpreter.endsWith("\r")
        ? "Save the file with line ends of Unix (LF): the carriage return is read as a part of the name."
        : "Install that program, or put the right one into the first line of the file.",
    };
  }
  if (error.code === "E2BIG") {
    return {
      exitCode: EXIT.notExecutable,
      message: `${path} was not started: its arguments and variables are longer than this system allows.`,
      hint: "Pass fewer files, or write them to a file that the command reads.",
    };
  }
  return {
    exitCode: error.code === "ENOENT" ? EXIT.notFound : EXIT.notExecutable,
    message: `${path} was not started: ${error.message}.`,
    hint: `Run it by hand to see more: ${path}`,
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function notFound(name: string, { cwd }: ProgramPlace): StartFailure {
  const message = `the command ${JSON.stringify(name)} was not found${name.includes("/") ? "" : " in PATH"}.`;
  return { exitCode: EXIT.notFound, message, hint: whereElse(name, cwd) };
}

/** Where people have it who expect it in PATH. */
function whereElse(name: string, cwd: string): string {
  if (/\s/.test(name)) {
    return "Give the command and its arguments as words of their own (-- pytest -x), or name a shell: -- sh -c '…'";
  }
  const local = ["node_modules/.bin", ".venv/bin", "venv/bin"].find((folder) =>
    isProgram(join(cwd, folder, basename(name))),
  );
  return local === undefined
    ? "Check its spelling and PATH. Aliases and functions of a shell need the shell: -- bash -ic '…'"
    : `It is in ${local}. Run: greenlight run … -- ${join(local, basename(name))}`;
}

function notExecutable(path: string): StartFailure {
  const isFile = statSync(path).isFile();
  const interpreter = interpreterOf(path);
  const run = interpreter === undefined ? path : `${interpreter} ${path}`;
  return {
    exitCode: EXIT.notExecutable,
    message: `${path} is ${isFile ? "a file that may not be executed" : "no file"}.`,
    hint: isFile ? `Run: chmod +x ${path}    or: greenlight run … -- ${run}` : "Name the program itself.",
  };
}

/** What the first line of a script names. */
function interpreterOf(path: string): string | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(256);
      const length = readSync(file, start, 0, start.length, 0);
      return /^#! *([^ \n]+)/.exec(start.toString("utf8", 0, length))?.[1];
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
