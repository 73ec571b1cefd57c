import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_ENV_BYTES, readEnvFile } from "../../../src/env-files/read.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "greenlight-env-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const read = (path: string) => readEnvFile({ path, dialect: "dotenv", directory });
const write = (path: string, content: string | Uint8Array) => writeFileSync(join(directory, path), content);

async function faultOf(path: string) {
  const result = await read(path);
  return result.ok ? undefined : result.fault;
}

test("a file is read with its byte order mark, its lines and its path as given", async () => {
  write("plain.env", "\uFEFFA=1\r\nB=ü\n");
  const result = await read("plain.env");
  expect(result).toMatchObject({ ok: true, file: { path: "plain.env", text: "\uFEFFA=1\r\nB=ü\n" } });
  expect(result.ok && result.file.entries.map(({ key, line }) => [key, line])).toEqual([
    ["A", 1],
    ["B", 2],
  ]);
});

test("the largest file is read, and one byte more is too large", async () => {
  write("largest.env", `A=${"x".repeat(MAX_ENV_BYTES - 2)}`);
  write("larger.env", `A=${"x".repeat(MAX_ENV_BYTES - 1)}`);
  expect(await faultOf("largest.env")).toBeUndefined();
  expect(await faultOf("larger.env")).toMatchObject({
    code: "ENV_TOO_LARGE",
    expected: "a file of at most 1048576 bytes",
    found: "1048577 bytes",
  });
});

test("Latin-1, NUL, binary and UTF-16 are told apart, with their line", async () => {
  write("latin1.env", Buffer.from("A=1\nB=caf\u00E9\nC=3\n", "latin1"));
  write("nul.env", "A=1\nB=2\nC=x\0y\n");
  write("binary.env", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe, 10, 0]));
  write("utf16.env", Buffer.from("\uFEFFA=1\n", "utf16le"));
  expect(await faultOf("latin1.env")).toMatchObject({ code: "ENV_NOT_UTF8", line: 2, encoding: "latin1" });
  expect(await faultOf("nul.env")).toMatchObject({ code: "ENV_NUL", line: 3 });
  expect(await faultOf("binary.env")).toMatchObject({ code: "ENV_BINARY", line: 1 });
  expect(await faultOf("utf16.env")).toMatchObject({
    code: "ENV_NOT_UTF8",
    found: "text in UTF-16",
    encoding: "utf-16",
  });
});

test("what is missing, a folder, a loop of links or out of reach is each named as that", async () => {
  mkdirSync(join(directory, "folder"));
  symlinkSync("loop-b", join(directory, "loop-a"));
  symlinkSync("loop-a", join(directory, "loop-b"));
  symlinkSync("nowhere", join(directory, "dangling"));
  expect(await faultOf("none.env")).toMatchObject({ code: "ENV_MISSING" });
  expect(await faultOf("dangling")).toMatchObject({ code: "ENV_MISSING" });
  expect(await faultOf("plain.env/below")).toMatchObject({ code: "ENV_MISSING" });
  expect(await faultOf("folder")).toMatchObject({ code: "ENV_NOT_A_FILE", found: "a folder" });
  expect(await faultOf("loop-a")).toMatchObject({ code: "ENV_SYMLINK_LOOP" });
  expect(await faultOf("x".repeat(300))).toMatchObject({
    code: "ENV_UNREADABLE",
    found: "ENAMETOOLONG from the system",
  });
});

test("a pipe nobody writes to, a socket and an endless device are refused at once", async () => {
  expect(spawnSync("mkfifo", [join(directory, "pipe")]).status).toBe(0);
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(directory, "socket"), done));
  symlinkSync("/dev/zero", join(directory, "device"));
  try {
    for (const path of ["pipe", "socket", "device"])
      expect(await faultOf(path), path).toMatchObject({ code: "ENV_NOT_A_FILE" });
  } finally {
    await new Promise((done) => server.close(done));
  }
});

test("an abort ends it", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const input = { path: "plain.env", dialect: "docker", directory, signal } as const;
  await expect(readEnvFile(input)).rejects.toThrow("enough");
});
