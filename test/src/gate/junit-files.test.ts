import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findJunitFiles } from "../../../src/gate/junit-files.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "greenlight-junit-"));
  await mkdir(join(cwd, "reports/deep.xml"), { recursive: true });
  for (const name of ["b.xml", "a.xml", "deep.xml/c.xml", "notes.txt", "[odd].xml"]) {
    await writeFile(join(cwd, "reports", name), `<testsuite name="${name}"/>`);
  }
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const find = (...patterns: string[]) => findJunitFiles({ patterns, cwd });

test("globs are expanded, directories left out, and each file named once, sorted", async () => {
  const files = await find("reports/**/*.xml", "reports/a.xml");
  expect(files.paths).toEqual([
    "reports/[odd].xml",
    "reports/a.xml",
    "reports/b.xml",
    "reports/deep.xml/c.xml",
  ]);
  expect(files.faults).toEqual([]);
});

test("a path that exists is meant as it is, whatever characters it holds", async () => {
  expect((await find("reports/[odd].xml")).paths).toEqual(["reports/[odd].xml"]);
});

test("a pattern that names nothing has no file", async () => {
  expect((await find("none/*.xml", "reports/a.xml")).paths).toEqual(["reports/a.xml"]);
});

test("what is there and cannot be read is a fault with its path and what it is", async () => {
  await symlink("nowhere", join(cwd, "reports/z.xml"));
  const { faults } = await find("reports/z*");
  expect(faults).toEqual([{ file: "reports/z.xml", expected: "a file that can be read", found: "ENOENT" }]);
});
