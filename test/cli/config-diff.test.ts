import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "./run-cli.ts";

/** Stands for a value that must not be shown. */
const CANARY = "c4n4ry-v4lue";

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), "greenlight-diff-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

async function diff(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const ran = await runCli(["config", "diff", ...args], { cwd, env });
  expect(ran.stdout + ran.stderr).not.toContain(CANARY);
  return ran;
}

test("two files that differ are 65, each key with what became of it", async () => {
  const cwd = folder({
    "a.env": `SAME=${CANARY}\nCHANGED=${CANARY}1\nGONE=1\nQUOTED=x\n`,
    "b.env": `SAME=${CANARY}\nCHANGED=${CANARY}2\nNEW=${CANARY}\nQUOTED="x"\n`,
  });
  const { code, stdout } = await diff(cwd, ["a.env", "b.env"]);
  expect(code).toBe(65);
  expect(stdout.split("\n")[0]).toBe("a.env and b.env differ in 4 keys.");
  expect(stdout).toMatch(/^ {2}~ {2}CHANGED +line 2 → line 2 +fp:[\da-f]{16} → fp:[\da-f]{16}$/m);
  expect(stdout).toMatch(/^ {2}- {2}GONE +line 3 +fp:/m);
  expect(stdout).toMatch(/^ {2}\+ {2}NEW +line 3 +fp:/m);
  expect(stdout).toMatch(/^ {2}\? {2}QUOTED .*not the same to docker --env-file$/m);
  expect(stdout).toContain("1 with the same value.");
});

test("files that every program reads alike are 0, whatever else is in them", async () => {
  const cwd = folder({ "a.env": "# one\nA=1\nB=2\n", "b.env": "B=2\n\nA=1\r\n" });
  const { code, stdout } = await diff(cwd, ["a.env", "b.env"]);
  expect([code, stdout.split("\n")[0]]).toEqual([0, "No difference between a.env and b.env."]);
});

test("a file and the process: only the keys of the file, and the dialect that was asked for", async () => {
  const cwd = folder({ "a.env": `A='${CANARY}'\nB=1\n` });
  const run = (...more: string[]) =>
    diff(cwd, ["a.env", "process", "--json", ...more], { A: CANARY, B: "1", C: "1" });
  const plain = await run();
  expect(JSON.parse(plain.stdout)).toMatchObject({
    schemaVersion: 1,
    equal: false,
    a: { kind: "file", file: "a.env", dialect: "dotenv" },
    b: { kind: "process" },
    keys: [{ key: "A", kind: "read-differently", dialects: ["docker"], aLine: 1 }],
    same: 1,
  });
  const docker = await run("-d", "docker");
  expect(JSON.parse(docker.stdout)).toMatchObject({ keys: [{ key: "A", kind: "changed" }] });
});

test("the layers of the configuration say which program reads a file", async () => {
  const cwd = folder({
    "greenlight.yaml": "envFiles: {layers: [{path: c.env, dialect: compose}]}\n",
    "c.env": "A=x#y\n",
    "d.env": "A=x#y\n",
  });
  const { stdout } = await diff(cwd, ["./c.env", "d.env", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    a: { dialect: "compose" },
    b: { dialect: "dotenv" },
    keys: [{ key: "A", kind: "changed" }],
  });
});

test("lines of a private key without quotes are not shown as keys", async () => {
  const line = `MIIEvQIBADANBgkqhkiG9w0BAQ${CANARY.replaceAll("-", "/")}=`;
  const cwd = folder({ "a.env": "", "b.env": `KEY=-----BEGIN\n${line}\n` });
  const { stdout } = await diff(cwd, ["a.env", "b.env", "-d", "python-dotenv"]);
  expect(stdout).not.toContain("MIIE");
  expect(stdout).toContain("(no name, fp:");
});

test("what cannot be read, or is refused by its program, is 78 with file and line", async () => {
  const cwd = folder({ "a.env": "A=1\n", "bad.env": `A=1\nB='${CANARY}\n` });
  const missing = await diff(cwd, ["a.env", "none.env"]);
  expect(missing.code).toBe(78);
  expect(missing.stdout).toContain("none.env: expected a file, found nothing there");
  const refused = await diff(cwd, ["a.env", "bad.env", "-d", "compose"]);
  expect(refused.code).toBe(78);
  expect(refused.stdout).toContain("bad.env:2:3: expected a closing quote");
  const required = folder({ "a.env": "A=${NONE:?}\n" });
  expect((await diff(required, ["a.env", "process", "-d", "compose"])).stdout).toContain(
    "a.env:1:1: expected NONE to be set",
  );
});

test.each([[["process", "process"]], [["a.env"]], [["a", "b", "--dialect", "bash"]]])(
  "wrong arguments are 64: %j",
  async (args) => {
    expect((await diff(folder({}), args)).code).toBe(64);
  },
);
