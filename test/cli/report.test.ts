import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { recordOf, redRecord } from "../src/views/reports/records.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
writeFileSync(at("green.json"), JSON.stringify(recordOf()));
writeFileSync(at("red.json"), JSON.stringify(redRecord()));
writeFileSync(at("foreign.json"), '{"name":"app","password":"canary-3d"}');
const greenlight = (...args: string[]) => runCli(args, { cwd: folder, env: { GITHUB_ACTIONS: "true" } });

describe("report diff", () => {
  test("says what differs and exits with 0, or with 2 when it is asked to", async () => {
    const { code, stdout, stderr } = await greenlight("report", "diff", "green.json", "red.json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Different: 1 fact differs/);
    expect(stdout).toContain("Red now, and not before (1)");
    const asked = await Promise.all([
      greenlight("report", "diff", "--exit-code", "green.json", "red.json"),
      greenlight("report", "diff", "--exit-code", "red.json", "red.json"),
    ]);
    expect(asked.map((each) => each.code)).toEqual([2, 0]);
  });

  test("has one JSON object", async () => {
    const { stdout } = await greenlight("report", "diff", "--json", "green.json", "red.json");
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "report diff",
      same: false,
      changes: [{ what: "outcome", before: "passed", after: "environment" }],
    });
  });

  test.each([
    ["gone.json", /gone\.json: cannot be read: there is no such file\./],
    [".", /\.: cannot be read: it is a folder \(EISDIR\)\./],
    [
      "foreign.json",
      /foreign\.json is no record of a run\.\n {2}expected: .*\n {2}found: {4}JSON of something else/,
    ],
  ])("of %s is refused with the path, what was expected and what was found", async (path, message) => {
    const { code, stderr, stdout } = await greenlight("report", "diff", "green.json", path);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("canary");
  });
});

describe("report show", () => {
  test("shows a record as the run did, and exits with 0", async () => {
    const { code, stdout, stderr } = await greenlight("report", "show", "red.json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^The environment's fault: 1 test failed/);
    const json = await greenlight("report", "show", "red.json", "--json");
    expect(JSON.parse(json.stdout)).toEqual(redRecord());
  });

  test("writes other formats, and tells the CI system nothing", async () => {
    const formats = ["junit=out/junit.xml", "tap=out/run.tap", "markdown=-"].flatMap((each) => [
      "--report",
      each,
    ]);
    const { code, stdout, stderr } = await greenlight("report", "show", "red.json", ...formats);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^<!-- greenlight:database -->/);
    expect(readFileSync(at("out/junit.xml"), "utf8")).toContain("<failure");
    expect(readFileSync(at("out/run.tap"), "utf8")).toContain("not ok");
  });

  test("exits with 73 when a report cannot be written, and with 64 for a format that is none", async () => {
    const broken = await greenlight("report", "show", "red.json", "--report", "tap=red.json/x");
    expect(broken.code).toBe(73);
    expect(broken.stderr).toContain("the report tap=red.json/x was not written");
    const unknown = await greenlight("report", "show", "red.json", "--report", "junits=x");
    expect(unknown).toMatchObject({ code: 64, stdout: "" });
    expect(unknown.stderr).toContain("Did you mean junit?");
  });
});
