import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

export interface ProgramOptions {
  /** A CommonJS bundle in ASCII without `import()`, whose name changes with its content; `moduleUrl` in it is its own URL. */
  readonly url: URL;
  /** What it is run for: each has compiled what it ran. */
  readonly use: string;
  /** Where compiled code is kept between starts; undefined: nowhere. For this version of Node alone. */
  readonly folder: string | undefined;
  readonly process: {
    readonly pid: number;
    once(event: "exit", listener: (code: number) => void): unknown;
  };
}

export interface LoadedProgram {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Whether compiled code was found, and was good. */
  readonly compiled: boolean;
}

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: Record<string, unknown> },
  moduleUrl: string,
) => void;

/**
 * Loads a program with the code that a run before it has compiled, and keeps that of the first one that ends well. Node's
 * own compile cache is written before a program runs, so it lacks every function that is compiled when it is first called;
 * compiling these takes a command longer than all else it does. A cache that is damaged, or not to be read or written, is
 * no fault: the program is compiled as always then.
 */
export function loadProgram({ url, use, folder, process }: ProgramOptions): LoadedProgram {
  const path = fileURLToPath(url);
  const file = folder === undefined ? undefined : join(folder, `${basename(path)}.${use}`);
  const cachedData = file === undefined ? undefined : readCompiled(file);
  const source = readFileSync(path, "latin1");
  const script = new Script(`(function(exports,require,module,moduleUrl){${source}\n})`, {
    filename: path,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, createRequire(url), module, url.href);
  const compiled = cachedData !== undefined && script.cachedDataRejected !== true;
  if (file !== undefined && !compiled) {
    process.once("exit", (code) => {
      if (code === 0) writeCompiled(file, script.createCachedData(), process.pid);
    });
  }
  return { exports: module.exports, compiled };
}

const CHECKSUM_BYTES = 4;

/** V8 looks at version and length alone before it runs what it is given. */
function readCompiled(file: string): Buffer | undefined {
  try {
    const kept = readFileSync(file);
    const data = kept.subarray(CHECKSUM_BYTES);
    return kept.length > CHECKSUM_BYTES && kept.readUInt32LE(0) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** In one step: another run may read it at any time. */
function writeCompiled(file: string, data: Buffer, pid: number): void {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(data));
  const unfinished = `${file}.${pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, data]), { mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    // The next run compiles again.
    rmSync(unfinished, { force: true });
  }
}
