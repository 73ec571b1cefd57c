import { EventEmitter } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LoadedProgram, loadProgram } from "../../src/code-cache.ts";

const PROGRAM = `
const os = require("node:os");
const late = (text) => text.toUpperCase() + os.EOL;
exports.say = (text) => late(text);
exports.here = moduleUrl;
exports.other = () => require("./other.cjs");
`;

let folder = "";
let url = new URL("file:///");
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "greenlight-code-"));
  url = pathToFileURL(join(folder, "program-ABC.cjs"));
  await writeFile(url, PROGRAM);
  await writeFile(join(folder, "other.cjs"), "exports.answer = 42;");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One run of the program, which ends with `code`. */
function run(code: number, options: { use?: string; folder?: string | undefined } = {}): LoadedProgram {
  const process = Object.assign(new EventEmitter(), { pid: 4711 });
  const loaded = loadProgram({ url, use: "run", folder, process, ...options });
  const { say } = loaded.exports as { say: (text: string) => string };
  expect(say("go")).toBe("GO\n");
  process.emit("exit", code);
  return loaded;
}

const kept = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith("program-ABC.cjs.")).toSorted();

describe("a program", () => {
  test("finds what it requires, and where it is", () => {
    const { exports } = run(0);
    const { other, here } = exports as { other: () => unknown; here: string };
    expect(here).toBe(url.href);
    expect(other()).toEqual({ answer: 42 });
  });

  test("is run with the code that the run before it has compiled, each use with its own", async () => {
    expect(run(0).compiled).toBe(false);
    expect(await kept()).toEqual(["program-ABC.cjs.run"]);
    expect(run(0).compiled).toBe(true);
    expect(run(0, { use: "wait" }).compiled).toBe(false);
    expect(run(0, { use: "wait" }).compiled).toBe(true);
    expect(await kept()).toEqual(["program-ABC.cjs.run", "program-ABC.cjs.wait"]);
  });

  test("keeps nothing of a run that ends badly, which may have compiled little", async () => {
    run(75);
    expect(await kept()).toEqual([]);
  });

  test("is run without a folder, and in one that does not exist", async () => {
    expect(run(0, { folder: undefined }).compiled).toBe(false);
    expect(run(0, { folder: join(folder, "none") }).compiled).toBe(false);
    expect(await kept()).toEqual([]);
  });
});

const file = (): string => join(folder, "program-ABC.cjs.run");

describe("kept code", () => {
  beforeEach(() => void run(0));

  test("is its owner's alone", async () => {
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["cut off", async () => truncate(file(), (await stat(file())).size - 100)],
    ["empty", () => truncate(file(), 0)],
    ["something else", () => writeFile(file(), "something else")],
    [
      "changed by one bit",
      async () => {
        const bytes = await readFile(file());
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 50) ^ 1, bytes.length - 50);
        await writeFile(file(), bytes);
      },
    ],
    [
      "of a program of another length",
      async () => {
        await writeFile(url, `${PROGRAM}\n// longer`);
      },
    ],
  ])("that is %s is not run, and is replaced", async (_how, damage) => {
    await damage();
    expect(run(0).compiled).toBe(false);
    expect(run(0).compiled).toBe(true);
  });

  test("that cannot be replaced stays, and nothing else does", async () => {
    await rm(file());
    // A folder in its place cannot be written over, not even by root.
    await mkdir(join(file(), "in-the-way"), { recursive: true });
    expect(run(0).compiled).toBe(false);
    expect(await kept()).toEqual(["program-ABC.cjs.run"]);
  });
});
