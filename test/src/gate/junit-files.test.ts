import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readJunitFiles } from "../../../src/gate/junit-files.ts";

let cwd: string;
const since = Date.now() - 60_000;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "greenlight-junit-"));
  await mkdir(join(cwd, "reports/deep.xml"), { recursive: true });
  for (const name of ["b.xml", "a.xml", "deep.xml/c.xml", "notes.txt", "[odd].xml"]) {
    await writeFile(join(cwd, "reports", name), `<testsuite name="${name}"/>`);
  }
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const find = (...patterns: string[]) => readJunitFiles({ patterns, cwd, since });
const names = ({ sources }: Awaited<ReturnType<typeof find>>) => sources.map(({ name }) => name);

test("globs are expanded, directories left out, and each file named once, sorted", async () => {
  const files = await find("reports/**/*.xml", "reports/a.xml");
  expect(names(files)).toEqual([
    "reports/[odd].xml",
    "reports/a.xml",
    "reports/b.xml",
    "reports/deep.xml/c.xml",
  ]);
  expect(files).toMatchObject({ older: [], unmatched: [], faults: [] });
});

test("a path that exists is meant as it is, whatever characters it holds", async () => {
  expect(names(await find("reports/[odd].xml"))).toEqual(["reports/[odd].xml"]);
});

test("a source opens its file from the working directory given", async () => {
  const [source] = (await find("reports/a.xml")).sources;
  let text = "";
  for await (const chunk of source?.open() ?? []) text += Buffer.from(chunk).toString();
  expect(text).toBe('<testsuite name="a.xml"/>');
});

test("a report that was written before the run is left out, and named", async () => {
  await utimes(join(cwd, "reports/a.xml"), new Date(), new Date(since - 10_000));
  const files = await find("reports/?.xml");
  expect(names(files)).toEqual(["reports/b.xml"]);
  expect(files.older).toEqual(["reports/a.xml"]);
});

test("a pattern that names nothing is named", async () => {
  const files = await find("none/*.xml", "reports/a.xml");
  expect(files.unmatched).toEqual(["none/*.xml"]);
  expect(names(files)).toEqual(["reports/a.xml"]);
});

test("what is there and cannot be read is a fault with its path and what it is", async () => {
  await symlink("nowhere", join(cwd, "reports/z.xml"));
  const { faults } = await find("reports/z*");
  expect(faults).toEqual([{ file: "reports/z.xml", expected: "a file that can be read", found: "ENOENT" }]);
});
