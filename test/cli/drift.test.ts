import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { DRIFT_FINDINGS } from "../../services/findings/drift-table.ts";
import type {
  AcceptReport,
  BaselineReport,
  DriftReport,
  ExplainReport,
} from "../../src/views/drift-report.ts";
import { runCli } from "./run-cli.ts";

const KEY = "5f0c7d1e9a3b42684c1d8e7f60a9b3c2";
const CANARY = "Xk9canaryQz7";
const FILE = "greenlight.baseline.json";

const CONFIG = `
drift:
  sources:
    - env: .env.staging
    - variables: [APP_*]
    - cloudrun: service.json
  ignore:
    - { key: BUILD_ID, reason: another one with each build }
`;

const SERVICE = {
  name: "projects/p/locations/r/services/api",
  template: { containers: [{ image: "img:1", env: [{ name: "API_URL", value: CANARY }] }] },
};

const FILES = {
  "greenlight.yaml": CONFIG,
  ".env.staging": `DATABASE_URL=postgres://app:${CANARY}@db/app\nFLAG=true\nBUILD_ID=1\n`,
  "service.json": JSON.stringify(SERVICE),
};

interface Told<T> {
  readonly code: number | null;
  readonly report: T;
}

/** A folder with these files; every command in it is checked to show no value. */
async function project(files: Readonly<Record<string, string>> = FILES) {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-drift-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const run = async (args: string, env: Readonly<Record<string, string>> = {}) => {
    const variables = { GREENLIGHT_BASELINE_KEY: KEY, APP_URL: CANARY, USER: "tester", ...env };
    const ran = await runCli(
      ["config", ...(args.match(/'[^']*'|\S+/g) ?? []).map((each) => each.replaceAll("'", ""))],
      {
        cwd,
        env: variables,
      },
    );
    expect(ran.stdout + ran.stderr).not.toContain(CANARY);
    expect(ran.stdout + ran.stderr).not.toContain(KEY);
    return ran;
  };
  const json = async <T = object>(args: string, env?: Readonly<Record<string, string>>): Promise<Told<T>> => {
    const { stdout, stderr, code } = await run(`${args} --json`, env);
    if (stdout === "") throw new Error(stderr);
    return { code, report: JSON.parse(stdout) as T };
  };
  const drift = async (env?: Readonly<Record<string, string>>) => {
    const { code, report } = await json<DriftReport>("drift", env);
    return { code, verdict: report.verdict, changes: report.changes, troubles: report.troubles };
  };
  const read = (path: string) => readFile(join(cwd, path), "utf8");
  return { cwd, write, run, json, drift, read };
}

async function withBaseline(files?: Readonly<Record<string, string>>) {
  const made = await project(files);
  const ran = await made.run("baseline");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return made;
}

const told = ({ changes }: { readonly changes: DriftReport["changes"] }) =>
  changes.map(({ kind, subject }) => `${kind} ${subject}`);

describe("config baseline", () => {
  test("writes fingerprints and no values, and the identical file for what has not changed", async () => {
    const { run, read, json, cwd } = await withBaseline();
    const first = await read(FILE);
    expect(first).not.toContain(CANARY);
    expect(first).not.toContain("BUILD_ID");
    expect(JSON.parse(first)).toMatchObject({
      schemaVersion: 1,
      sources: {
        "cloudrun:service.json": { "env/API_URL": expect.stringMatching(/^fp:[\da-f]{16}$/) as unknown },
      },
    });
    const again = await json<BaselineReport>("baseline");
    expect(again).toMatchObject({ code: 0, report: { written: false, changes: [] } });
    await run("baseline --out other/copy.json");
    expect(await read("other/copy.json")).toBe(first);
    expect((await readdir(cwd)).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  test("without a key it refuses, and says how one is made", async () => {
    const { run, cwd } = await project();
    const { code, stdout, stderr } = await run("baseline", { GREENLIGHT_BASELINE_KEY: "" });
    expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
    expect(stderr).toContain("openssl rand -hex 32");
    expect(await readdir(cwd)).not.toContain(FILE);
  });

  test.each([
    ["a short one", "short"],
    ["one that repeats", "ab".repeat(20)],
  ])("refuses %s", async (_name, key) => {
    const { run } = await project();
    const ran = await run("baseline", { GREENLIGHT_BASELINE_KEY: key });
    expect(ran.code).toBe(78);
    expect(ran.stderr).toMatch(/holds (?:no key|a key that can be guessed)/);
  });

  test("takes a key file outside the repository, and refuses one inside it", async () => {
    const outside = await mkdtemp(join(tmpdir(), "greenlight-key-"));
    onTestFinished(() => rm(outside, { recursive: true }));
    await writeFile(join(outside, "key"), `${KEY}\n`);
    const { run, write, drift } = await withBaseline();
    const none = { GREENLIGHT_BASELINE_KEY: "" };
    await write("greenlight.yaml", CONFIG.replace("drift:", `drift:\n  keyFile: ${outside}/key`));
    expect(await drift(none)).toMatchObject({ code: 0, verdict: "same" });
    await write("key", KEY);
    await write("greenlight.yaml", CONFIG.replace("drift:", "drift:\n  keyFile: key"));
    const inside = await drift(none);
    expect(inside).toMatchObject({ code: 78, troubles: [{ code: "DRIFT_KEY_UNUSABLE" }] });
    await write("greenlight.yaml", CONFIG.replace("drift:", `drift:\n  keyFile: ${outside}/none`));
    expect(await drift(none)).toMatchObject({ code: 78, troubles: [{ code: "DRIFT_KEY_MISSING" }] });
    expect((await run("baseline", none)).stderr).toContain("no such file");
  });

  test("another key is refused until it is meant", async () => {
    const { run, read, drift } = await withBaseline();
    const first = await read(FILE);
    const other = { GREENLIGHT_BASELINE_KEY: "0123456789abcdef0123456789abcdef" };
    expect(await run("baseline", other)).toMatchObject({ code: 78, stdout: "" });
    expect(await read(FILE)).toBe(first);
    expect((await run("baseline --new-key", other)).code).toBe(0);
    expect(await drift(other)).toMatchObject({ code: 0, verdict: "same" });
  });

  test("a source that cannot be read is named; the rest is written, and what was known of it stays", async () => {
    const { write, json, read } = await withBaseline();
    const before = JSON.parse(await read(FILE)) as { sources: Record<string, object> };
    await write("service.json", "{");
    await write(".env.staging", "FLAG=false\n");
    const { code, report } = await json<BaselineReport>("baseline");
    expect(code).toBe(65);
    expect(report.troubles).toMatchObject([
      { code: "DRIFT_SOURCE_UNREADABLE", place: { file: "service.json", line: 1, column: 2 } },
    ]);
    const after = JSON.parse(await read(FILE)) as { sources: Record<string, object> };
    expect(after.sources["cloudrun:service.json"]).toEqual(before.sources["cloudrun:service.json"]);
    expect(Object.keys(after.sources["env:.env.staging"] ?? {})).toEqual(["FLAG"]);
  });

  test("leaves the old file whole when it cannot write", async () => {
    const { run, read, write, cwd } = await withBaseline();
    const first = await read(FILE);
    await write(".env.staging", "A=1\n");
    await rm(join(cwd, FILE));
    await mkdir(join(cwd, "folder"));
    await writeFile(join(cwd, "folder", FILE), first);
    await chmod(join(cwd, "folder"), 0o555);
    onTestFinished(() => chmod(join(cwd, "folder"), 0o755));
    const { code } = await run(`baseline --out folder/${FILE}`);
    // Root may write anywhere.
    if (process.getuid?.() !== 0)
      expect({ code, text: await read(`folder/${FILE}`) }).toEqual({ code: 73, text: first });
    expect(await run("baseline --out .env.staging/x.json")).toMatchObject({ code: 78 });
    expect(await readdir(join(cwd, "folder"))).toEqual([FILE]);
  });

  test("without sources there is nothing to do", async () => {
    const { run } = await project({});
    const ran = await run("baseline");
    expect(ran.code).toBe(78);
    expect(ran.stderr).toContain("drift: { sources:");
  });
});

describe("config drift", () => {
  test("is silent when nothing has changed, or nothing but form and order", async () => {
    const { run, write, drift } = await withBaseline();
    expect(await run("drift")).toEqual({ code: 0, stdout: "", stderr: "" });
    await write(
      ".env.staging",
      `# moved\nexport FLAG="true"\n\nDATABASE_URL='postgres://app:${CANARY}@db/app'\nBUILD_ID=2\n`,
    );
    await write("service.json", JSON.stringify(SERVICE, undefined, 4));
    expect(await run("drift")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await drift()).toEqual({ code: 0, verdict: "same", changes: [], troubles: [] });
  });

  test("tells each change once, with its place", async () => {
    const { run, write, drift } = await withBaseline();
    await write(".env.staging", `ADDED=1\nFLAG=false\nDB_URL=postgres://app:${CANARY}@db/app\n`);
    await write(
      "service.json",
      JSON.stringify({ ...SERVICE, template: { containers: [{ image: "img:1" }] } }),
    );
    const found = await drift({ APP_URL: "another" });
    expect(found.code).toBe(65);
    expect(told(found)).toEqual([
      "removed cloudrun:service.json:env/API_URL",
      "added env:.env.staging:ADDED",
      "renamed env:.env.staging:DB_URL",
      "changed env:.env.staging:FLAG",
      "changed variables:APP_*:APP_URL",
    ]);
    expect(found.changes[3]).toMatchObject({ place: { file: ".env.staging", line: 2 } });
    expect(found.changes[4]).toMatchObject({ place: { kind: "variable", name: "APP_URL" } });
    const human = await run("drift");
    expect(human.stdout).toContain("Drift: 4 changes since greenlight.baseline.json.");
    expect(human.stdout).toContain(".env.staging:2");
    expect(human.stdout).toContain("greenlight config drift accept");
  });

  test("a wrong key is told as such, and not as drift", async () => {
    const { drift } = await withBaseline();
    const found = await drift({ GREENLIGHT_BASELINE_KEY: "0123456789abcdef0123456789abcdef" });
    expect(found).toMatchObject({
      code: 78,
      verdict: "unknown",
      changes: [],
      troubles: [{ code: "DRIFT_KEY_WRONG" }],
    });
  });

  test("without a baseline, or with a broken one, it says so", async () => {
    const { drift, write } = await project();
    expect(await drift()).toMatchObject({ code: 78, troubles: [{ code: "DRIFT_BASELINE_MISSING" }] });
    await write(FILE, '{\n"schemaVersion": 1\n<<<<<<< HEAD\n');
    expect(await drift()).toMatchObject({
      code: 78,
      troubles: [{ code: "DRIFT_BASELINE_INVALID", place: { file: FILE, line: 3, column: 1 } }],
    });
  });

  test("sources that come and go are one change each", async () => {
    const { drift, write } = await withBaseline();
    await write("greenlight.yaml", CONFIG.replace("env: .env.staging", "env: .env.other"));
    await write(".env.other", "A=1\nB=2\n");
    expect(told(await drift())).toEqual(["source-added env:.env.other", "source-removed env:.env.staging"]);
  });

  test("a source that cannot be read does not hide drift in the others", async () => {
    const { drift, write, cwd } = await withBaseline();
    await rm(join(cwd, "service.json"));
    expect(await drift()).toMatchObject({ code: 65, verdict: "unknown" });
    await write(".env.staging", "FLAG=true\n");
    const found = await drift();
    expect(told(found)).toEqual(["removed env:.env.staging:DATABASE_URL"]);
    expect(found.troubles.map(({ code }) => code)).toEqual(["DRIFT_SOURCE_UNREADABLE"]);
  });
});

describe("config drift accept", () => {
  test("writes what is named, with who, when and why, and leaves the rest as drift", async () => {
    const { json, drift, read, write } = await withBaseline();
    await write(".env.staging", "FLAG=false\nNEW=1\nDATABASE_URL=x\n");
    const dry = await json<AcceptReport>("drift accept FLAG --reason 'a try' --dry-run");
    expect(dry.report).toMatchObject({ written: false, dryRun: true, left: 2 });
    expect(told(await drift())).toHaveLength(3);
    const { code, report } = await json<AcceptReport>("drift accept FLAG --reason 'the new cluster'");
    expect({ code, report }).toMatchObject({ code: 0, report: { written: true, by: "tester", left: 2 } });
    expect(told(await drift())).toEqual([
      "changed env:.env.staging:DATABASE_URL",
      "added env:.env.staging:NEW",
    ]);
    const { accepted } = JSON.parse(await read(FILE)) as { accepted: readonly object[] };
    expect(accepted).toMatchObject([
      { by: "tester", reason: "the new cluster", changes: ["changed env:.env.staging:FLAG"] },
    ]);
    expect((await json("drift accept --reason all --by 'R. Ops'")).code).toBe(0);
    expect(await drift()).toMatchObject({ code: 0, verdict: "same" });
    await json("baseline");
    expect(JSON.parse(await read(FILE))).toMatchObject({ accepted: [{ by: "tester" }, { by: "R. Ops" }] });
  });

  test("takes in and out whole sources", async () => {
    const { json, drift, write } = await withBaseline();
    await write("greenlight.yaml", CONFIG.replace("env: .env.staging", "env: .env.other"));
    await write(".env.other", "A=1\n");
    await json("drift accept env:.env.other env:.env.staging --reason moved");
    expect(await drift()).toMatchObject({ code: 0, verdict: "same" });
  });

  test("wants a reason, and names that have changed", async () => {
    const { run, write, read } = await withBaseline();
    await write(".env.staging", "FLAG=false\n");
    const first = await read(FILE);
    expect((await run("drift accept FLAG")).code).toBe(64);
    expect((await run("drift accept FLAG --reason ' '")).code).toBe(64);
    const unknown = await run("drift accept FLAGG --reason x");
    expect(unknown.code).toBe(64);
    expect(unknown.stderr).toContain("env:.env.staging:FLAG");
    expect(await read(FILE)).toBe(first);
  });

  test("keeps a value out of the reason", async () => {
    const { json, write, read } = await withBaseline();
    await write(".env.staging", `FLAG=true\nDATABASE_URL=${CANARY}\n`);
    const { report } = await json<AcceptReport>(`drift accept --reason 'set it to ${CANARY}'`);
    expect(report.reason).toBe("set it to [redacted]");
    expect(await read(FILE)).not.toContain(CANARY);
  });
});

describe("config drift explain", () => {
  const USED = `
dependencies:
  postgres:
    url: \${DATABASE_URL}
suites:
  e2e: [postgres]
drift:
  sources:
    - env: .env.staging
    - { compose: compose.yaml }
`;
  const COMPOSE = `
services:
  api:
    env_file: ./.env.staging
    environment: { DB: "\${DATABASE_URL:-none}" }
`;

  test("says what it was and is, since when, where it comes from and who uses it", async () => {
    const files = { ...FILES, "greenlight.yaml": USED, "compose.yaml": COMPOSE };
    const { json, run, write, cwd } = await project(files);
    const env = { DATABASE_URL: `postgres://app:${CANARY}@db/app` };
    await run("baseline", env);
    const git = (...args: string[]) => promisify(execFile)("git", args, { cwd });
    await git("init", "-q");
    await git("add", FILE);
    await git("-c", "user.name=R. Ops", "-c", "user.email=ops@example.com", "commit", "-qm", "baseline");
    await write(".env.staging", "FLAG=true\nDATABASE_URL=another\n");
    const { code, report } = await json<ExplainReport>("drift explain DATABASE_URL", env);
    expect(code).toBe(0);
    const [key] = report.keys;
    expect(report.keys).toHaveLength(1);
    expect(key).toMatchObject({
      subject: "env:.env.staging:DATABASE_URL",
      status: "changed",
      before: expect.stringMatching(/^fp:/) as unknown,
      after: expect.stringMatching(/^fp:/) as unknown,
      place: { file: ".env.staging", line: 2 },
      committed: { by: "R. Ops" },
    });
    expect(key?.before).not.toBe(key?.after);
    expect(key?.usedBy).toEqual([
      "configuration key dependencies.postgres.url",
      "greenlight.yaml:4",
      "suite database, through postgres",
      "suite all, through postgres",
      "suite e2e, through postgres",
      "compose:compose.yaml:api/environment/DB",
      "compose:compose.yaml:api/env_file",
    ]);
    await run("drift accept DATABASE_URL --reason 'new cluster'", env);
    const human = await run("drift explain DATABASE_URL", env);
    expect(human.stdout).toContain("env:.env.staging:DATABASE_URL is as in the baseline.");
    expect(human.stdout).toContain("by tester: new cluster");
  });

  test("tells an ignored key with the reason, and a renamed one with its other name", async () => {
    const { json, write, run } = await withBaseline();
    const ignored = await json<ExplainReport>("drift explain BUILD_ID");
    expect(ignored.report.keys).toMatchObject([{ status: "ignored", reason: "another one with each build" }]);
    await write(".env.staging", `FLAG=true\nDB_URL=postgres://app:${CANARY}@db/app\n`);
    const renamed = await json<ExplainReport>("drift explain DATABASE_URL");
    expect(renamed.report.keys).toMatchObject([{ status: "renamed", other: "env:.env.staging:DB_URL" }]);
    const unknown = await run("drift explain DATABASE_UR");
    expect(unknown.code).toBe(64);
  });
});

test("every finding of drift tells people what to run or do", () => {
  for (const { remedies } of Object.values(DRIFT_FINDINGS)) expect(remedies.length).toBeGreaterThan(0);
});
