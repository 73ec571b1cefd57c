import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, afterEach, describe, expect, test } from "vitest";
import type { CommandContext } from "../../../../src/commands/context.ts";
import {
  parseReportRequest,
  parseReportRequests,
  REPORT_FORMATS,
  type ReportRequest,
} from "../../../../src/views/reports/request.ts";
import { writeFileAtomic } from "../../../../src/views/reports/write-file.ts";
import { writeReports, type WriteReportsOptions } from "../../../../src/views/reports/write.ts";
import type { RunRecord } from "../../../../src/views/run-record.ts";
import { judged, recordOf, redRecord, triageOf } from "./records.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "greenlight-reports-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(inFolder(name), "utf8");

interface Wrote {
  readonly stdout: string;
  readonly stderr: string;
  readonly faults: readonly { readonly path: string }[];
}

async function write(
  requests: readonly (ReportRequest | string)[],
  {
    record = redRecord(),
    env = {},
    ...options
  }: WriteReportsOptions & { record?: RunRecord; env?: CommandContext["env"] } = {},
): Promise<Wrote> {
  const out = { stdout: "", stderr: "" };
  const context: CommandContext = {
    env,
    cwd: folder,
    stdout: { write: (text) => (out.stdout += text) },
    stderr: { write: (text) => (out.stderr += text) },
    signal: new AbortController().signal,
  };
  const parsed = requests.map((each) => (typeof each === "string" ? parseReportRequest(each) : each));
  const faults = await writeReports(context, record, parsed, options);
  return { ...out, faults };
}

describe("--report", () => {
  test.each(Object.keys(REPORT_FORMATS))("takes %s with a path, which may hold an equals sign", (format) => {
    expect(parseReportRequest(`${format}=out/a=b.txt`)).toEqual({ format, path: "out/a=b.txt" });
    expect(parseReportRequest(`${format.toUpperCase()}=-`)).toEqual({ format, path: "-" });
  });

  test.each([
    ["jnit=out.xml", /no report format "jnit".*Did you mean junit\?/],
    ["=out.xml", /no report format ""/],
    ["constructor=x", /no report format "constructor"/],
    ["junit", /--report junit names no file/],
    ["junit=", /--report junit names no file/],
    ["junit= ", /--report junit names no file/],
    ["junit=a\0b", /NUL/],
  ])("%j is refused with what is wrong, and the exit code of wrong arguments", (text, message) => {
    expect(() => parseReportRequest(text)).toThrow(
      expect.objectContaining({ exitCode: 64, message: expect.stringMatching(message) }),
    );
  });

  test.each([
    [["json=a.json", "junit=./a.json"], /json and --report junit are both to be written to \.\/a\.json/],
    [["json=-", "tap=-"], /both to be written to stdout/],
  ])("%j is refused: two reports in one place", (texts, message) => {
    expect(() => parseReportRequests(texts)).toThrow(message);
  });
});

describe("a report", () => {
  test.each(Object.keys(REPORT_FORMATS))(
    "%s is written where it was asked for, into folders that are made",
    async (format) => {
      const { faults, stdout, stderr } = await write([`${format}=a/b/report`]);
      expect({ faults, stdout, stderr }).toEqual({ faults: [], stdout: "", stderr: "" });
      expect(read("a/b/report").length).toBeGreaterThan(10);
      expect(readdirSync(inFolder("a/b"))).toEqual(["report"]);
    },
  );

  test("of the format json is the record", async () => {
    const record = redRecord();
    await write(["json=run.json"], { record });
    expect(JSON.parse(read("run.json"))).toEqual(record);
  });

  test("with the path - goes to stdout", async () => {
    const { stdout } = await write(["tap=-"]);
    expect(stdout).toMatch(/^TAP version 14\n/);
  });

  test("that cannot be written is told with path and reason, and the others are written", async () => {
    writeFileSync(inFolder("file"), "");
    mkdirSync(inFolder("there"));
    const { faults, stderr } = await write(["json=file/x.json", "junit=there", "tap=ok.tap"]);
    expect(faults.map(({ path }) => path)).toEqual(["file/x.json", "there"]);
    expect(stderr).toMatch(
      /greenlight: the report json=file\/x\.json was not written: a part of the path is a file/,
    );
    expect(stderr).toMatch(/greenlight: the report junit=there was not written: it is a folder \(EISDIR\)\./);
    expect(read("ok.tap")).toContain("TAP version 14");
    expect(readdirSync(folder).toSorted()).toEqual(["file", "ok.tap", "there"]);
  });

  test("that breaks while it is written leaves the old one as it was, and nothing beside it", async () => {
    writeFileSync(inFolder("report"), "old");
    function* parts(): Generator<string> {
      yield "x".repeat(200_000);
      expect(read("report")).toBe("old");
      throw new Error("broken");
    }
    await expect(writeFileAtomic(inFolder("report"), parts())).rejects.toThrow("broken");
    expect(read("report")).toBe("old");
    expect(readdirSync(folder)).toEqual(["report"]);
  });

  test("replaces what a link leads to, and leaves the link", async () => {
    writeFileSync(inFolder("target"), "old");
    symlinkSync("target", inFolder("link"));
    await write(["tap=link"]);
    expect(lstatSync(inFolder("link")).isSymbolicLink()).toBe(true);
    expect(read("target")).toContain("TAP version 14");
  });

  test("goes into what is no file without replacing it", async () => {
    execFileSync("mkfifo", [inFolder("pipe")]);
    const reader = readFileLater(inFolder("pipe"));
    await write(["tap=pipe"]);
    expect(await reader).toContain("TAP version 14");
    expect(statSync(inFolder("pipe")).isFIFO()).toBe(true);
  });
});

async function readFileLater(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(path, "utf8");
}

const github = (): Record<string, string> => ({
  GITHUB_ACTIONS: "true",
  GITHUB_OUTPUT: inFolder("output"),
  GITHUB_STEP_SUMMARY: inFolder("summary"),
});

describe("in a job of GitHub Actions", () => {
  test("annotations, outputs and the summary are written without being asked for, after what is there", async () => {
    writeFileSync(inFolder("output"), "mine=1\n");
    const { stderr, stdout } = await write([], { env: github() });
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^::error title=Greenlight%3A the environment failed::/);
    expect(read("output")).toMatch(/^mine=1\nsuite<<ghadelimiter_[\w-]{36}\ndatabase\nghadelimiter_/);
    expect(read("output")).toMatch(/\nverdict<<(\S+)\ngo\n\1\n/);
    expect(read("summary")).toContain("#### Environment failures (1)");
  });

  test("nothing is with --no-ci, but what was asked for", async () => {
    const { stderr } = await write(["github=mine.md"], { env: github(), ci: false });
    expect(stderr).toBe("");
    expect(readdirSync(folder)).toEqual(["mine.md"]);
    expect(read("mine.md")).toContain("#### Environment failures (1)");
  });

  test("outputs that cannot be written are told, and the summary is written", async () => {
    const env = { ...github(), GITHUB_OUTPUT: join(inFolder("summary"), "x") };
    const { stderr, faults } = await write([], { env });
    expect(faults.map(({ path }) => path)).toEqual([env.GITHUB_OUTPUT]);
    expect(stderr).toContain("greenlight: the report GITHUB_OUTPUT=");
    expect(read("summary")).toContain("Greenlight");
  });

  test("a summary that has little room left gets what fits", async () => {
    writeFileSync(inFolder("summary"), "x".repeat(999_000));
    const tests = Array.from({ length: 100 }, (_, index) => judged({ name: `test_${index}` }));
    await write([], { env: github(), record: redRecord({ triage: triageOf(tests) }) });
    expect(statSync(inFolder("summary")).size).toBeLessThanOrEqual(1024 * 1024);
    expect(read("summary")).toContain("Greenlight");
  });

  test("a good run has outputs and a summary, and no annotation", async () => {
    const { stderr } = await write([], { env: github(), record: recordOf() });
    expect(stderr).toBe("");
    expect(read("output")).toContain("passed");
    expect(read("summary")).toContain("✅");
  });
});

test("no secret of a variable is in any report, wherever a test or a server repeats it", async () => {
  const env = {
    GREENLIGHT_TOKEN: "canary-token-8c1d",
    DATABASE_URL: "postgres://app:canary-p%40ss-2f@db.internal/app",
    APP_API_KEY: "canary-key-77aa",
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: inFolder("output"),
    GITHUB_STEP_SUMMARY: inFolder("summary"),
  };
  const leak =
    "canary-token-8c1d canary-p@ss-2f canary-p%40ss-2f canary-key-77aa Bearer abcdefgh12345 eyJhbGciOi.eyJzdWIi.c2ln";
  const red = judged({ message: leak, name: leak, classname: leak, file: leak });
  const record = redRecord({
    summary: leak,
    suite: leak,
    notes: [leak],
    nextSteps: [leak],
    triage: triageOf([{ ...red, because: leak }]),
    child: { command: ["pytest", leak], startedAt: 0, endedAt: 1, exitCode: 1 },
    fingerprint: {
      environment: leak,
      greenlight: "0.1.0",
      release: leak,
      dependencies: { [leak]: { kind: "redis", status: "pass", version: leak } },
    },
  });
  const requests = Object.keys(REPORT_FORMATS).map((format) => `${format}=${format}.out`);
  const { stdout, stderr, faults } = await write(requests, { record, env });
  expect(faults).toEqual([]);
  const files = readdirSync(folder).map(read);
  expect(files).toHaveLength(requests.length + 2);
  for (const text of [stdout, stderr, ...files]) {
    const plain = text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    for (const each of [text, plain, decodeURIComponent(plain.replaceAll(/%(?![0-9A-F]{2})/g, "%25"))])
      expect(each).not.toMatch(/canary|abcdefgh12345|eyJ/);
  }
});
