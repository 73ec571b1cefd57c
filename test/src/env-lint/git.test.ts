import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trackedFiles } from "../../../src/env-lint/git.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "greenlight-git-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env });

const ask = (paths: readonly string[], over: Readonly<Record<string, string>> = {}) =>
  trackedFiles({ cwd: folder, paths, env: { ...env, ...over }, signal: new AbortController().signal });

test("what is added is tracked, in folders too, and names are taken as they are", async () => {
  git("init", "-q");
  mkdirSync(join(folder, "sub"));
  for (const name of [".env", "sub/.env", ".env.local", ":(top)*", "*"])
    writeFileSync(join(folder, name), "");
  git("--literal-pathspecs", "add", ".env", "sub/.env", ":(top)*");
  const tracked = await ask([".env", "sub/.env", ".env.local", ":(top)*", "*"]);
  expect([...(tracked ?? [])].toSorted()).toEqual([".env", ":(top)*", "sub/.env"].toSorted());
});

test("where there is no repository, or no git, it cannot be told", async () => {
  writeFileSync(join(folder, ".env"), "");
  expect(await ask([".env"])).toBeUndefined();
  git("init", "-q");
  expect(await ask([".env"], { PATH: "/nonexistent" })).toBeUndefined();
  expect(await ask([".env"])).toEqual(new Set());
});

test("a program that the repository's configuration names is not run", async () => {
  git("init", "-q");
  writeFileSync(join(folder, ".env"), "");
  git("add", ".env");
  const trace = join(folder, "ran");
  const hook = join(folder, "hook.sh");
  writeFileSync(hook, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
  git("config", "core.fsmonitor", hook);
  expect(await ask([".env"])).toEqual(new Set([".env"]));
  expect(() => execFileSync("ls", [trace], { stdio: "ignore" })).toThrow(/ls/);
});
