import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRunRecord } from "../../src/views/read-run-record.ts";
import { findAll, parseXml, propertiesOf } from "../src/views/reports/xml-tree.ts";
import { useDependency } from "../support/environment.ts";
import { runCli } from "./run-cli.ts";

const redis = await useDependency("redis", { redis: { password: "canary-rw-51f0" } });
const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync("docs/run-record.schema.json", "utf8")) as object,
);

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "greenlight-wait-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

const reports = ["json", "junit", "tap", "gitlab", "markdown"].flatMap((format) => [
  "--report",
  `${format}=${format}.out`,
]);
const wait = (url: string, ...args: string[]) =>
  runCli(["wait", "--stable", "0s", ...reports, ...args], {
    cwd: folder,
    env: {
      REDIS_URL: url,
      GREENLIGHT_RELEASE: "2026.3.1",
      GITHUB_SHA: "4f2a9c1",
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    },
  });

test("wait writes its reports, with the fingerprint of what it saw", async () => {
  const { code, stderr } = await wait(redis.url());
  expect({ code, stderr: stderr.match(/^::.*/gm) }).toEqual({ code: 0, stderr: null });
  const json = read("json.out");
  expect(validate(JSON.parse(json)), JSON.stringify(validate.errors)).toBe(true);
  const result = readRunRecord(json);
  expect(result).toMatchObject({
    ok: true,
    record: {
      command: "wait",
      outcome: "passed",
      fingerprint: {
        release: "2026.3.1",
        revision: "4f2a9c1",
        dependencies: { redis: { status: "pass", version: expect.stringMatching(/^(Redis|Valkey) \d/) } },
      },
    },
  });
  const tree = parseXml(read("junit.out"));
  expect(findAll(tree, "testcase").map(({ attributes }) => attributes.name)).toEqual(["redis"]);
  expect(findAll(tree, "failure")).toEqual([]);
  const [suite] = findAll(tree, "testsuite");
  expect(suite === undefined ? {} : propertiesOf(suite)).toMatchObject({ "greenlight.release": "2026.3.1" });
  expect(read("output")).toContain("\ngo\n");
  expect(read("summary")).toContain("✅");
});

test("with a wrong password every report is red, none shows it, and --no-ci keeps GitHub out of it", async () => {
  const url = redis.url({ password: "canary-wrong-77" });
  const { code, stdout, stderr } = await wait(url);
  expect(code).toBe(69);
  expect(stderr).toMatch(/^::error title=Greenlight%3A unfit::/m);
  expect(findAll(parseXml(read("junit.out")), "failure")[0]?.attributes.type).toBe("AUTH_FAILED");
  expect(read("tap.out")).toMatch(/^Bail out!/m);
  expect(read("gitlab.out")).toContain("GATE_VERDICT=stop");
  for (const text of [stdout, stderr, ...readdirSync(folder).map(read)]) expect(text).not.toContain("canary");
  rmSync(join(folder, "output"));
  const quiet = await wait(url, "--no-ci");
  expect(quiet.code).toBe(69);
  expect(quiet.stderr).not.toContain("::error");
  expect(readdirSync(folder)).not.toContain("output");
});
