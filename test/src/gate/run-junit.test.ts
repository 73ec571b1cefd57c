import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findReports, sortReports } from "../../../src/gate/run-junit.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-junit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("files that were written since count; older ones are told apart, whatever their time says", async () => {
  mkdirSync(join(folder, "out", "deep"), { recursive: true });
  const path = (name: string) => join(folder, "out", name);
  for (const name of ["old.xml", "again.xml"]) writeFileSync(path(name), "<testsuites/>");
  const before = await findReports(["out/**/*.xml"], folder);
  writeFileSync(path("again.xml"), "<testsuites/>");
  writeFileSync(path("deep/new.xml"), "<testsuites/>");
  // As a copy that keeps the time of its original.
  utimesSync(path("deep/new.xml"), 1, 1);
  const after = await findReports(["out/**/*.xml", "out/old.xml"], folder);
  expect(sortReports(before, after)).toEqual({
    fresh: [path("again.xml"), path("deep/new.xml")],
    stale: [path("old.xml")],
  });
});

test("a folder that matches is no report, and an absolute pattern is taken as it is", async () => {
  mkdirSync(join(folder, "reports.xml"), { recursive: true });
  writeFileSync(join(folder, "one.xml"), "");
  expect([...(await findReports([join(folder, "*.xml")], "/")).marks.keys()]).toEqual([
    join(folder, "one.xml"),
  ]);
});
