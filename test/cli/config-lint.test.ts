import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { EnvLintReport } from "../../src/views/env-lint-report.ts";
import { runCli, type RunOptions } from "./run-cli.ts";

const root = mkdtempSync(join(tmpdir(), "greenlight-config-lint-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(root, String(count++));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function lint(cwd: string, args: readonly string[] = [], env: RunOptions["env"] = {}) {
  const ran = await runCli(["config", "lint", "--json", ...args], { cwd, env });
  const report = ran.stdout === "" ? undefined : (JSON.parse(ran.stdout) as EnvLintReport);
  return { ...ran, report, ids: report?.findings.map(({ id }) => id) ?? [] };
}

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe("which files", () => {
  test("without a configuration: the env files of the folder, each environment by itself", async () => {
    const cwd = folderWith({
      ".env": "API_KEY=k3-real\n",
      ".env.staging": "API_KEY=changeme\n",
      ".env.bak": "A=changeme\n",
    });
    const { ids, report, code } = await lint(cwd);
    expect(ids).toEqual(["ENV_PLACEHOLDER_OVERRIDE:.env.staging:API_KEY"]);
    expect(report?.files.map(({ path }) => path)).toEqual([".env", ".env.staging"]);
    expect(code).toBe(65);
  });

  test("the files that are named, and nothing else", async () => {
    const cwd = folderWith({ ".env": "A=changeme\n", "other.env": "B=changeme\n" });
    expect((await lint(cwd, ["other.env"])).ids).toEqual(["ENV_PLACEHOLDER:other.env:B"]);
  });

  test("the declared layers, over each other whatever their names say", async () => {
    const yaml = "envFiles:\n  layers: [.env.test, {path: .env.staging, dialect: docker}]\n";
    const cwd = folderWith({
      "greenlight.yaml": yaml,
      ".env.test": "A_KEY=k3\n",
      ".env.staging": "A_KEY=changeme\nB='x'\n",
      ".env": "C=changeme\n",
    });
    const { ids } = await lint(cwd);
    expect(ids).toEqual(["ENV_PLACEHOLDER_OVERRIDE:.env.staging:A_KEY", "ENV_DIALECT:.env.staging:B"]);
  });

  test("none at all is told", async () => {
    const { code, stdout } = await runCli(["config", "lint"], { cwd: folderWith({}) });
    expect(stdout).toContain("Nothing found in 0 env files.");
    expect(code).toBe(0);
  });
});

describe("what comes out", () => {
  const files = { ".env": "TOKEN_EXPIRES=2024-01-01\nOLD_FLAG=true\nA=changeme\n" };

  test("the verdict, the places, what was not looked for, and numbered steps", async () => {
    const { stdout, code } = await runCli(["config", "lint"], { cwd: folderWith(files) });
    expect(stdout).toMatch(
      /^Found 1 error, 1 warning in 1 env file\.\n\n  error +\.env:1:1 +ENV_EXPIRED +configuration\n/,
    );
    expect(stdout).toContain("not looked for: flags that nothing reads");
    expect(stdout).toMatch(/\nNext\n  1\. \[configuration\] Renew what TOKEN_EXPIRES speaks of/);
    expect(code).toBe(65);
  });

  test("warnings alone are 0, until --fail-on says otherwise", async () => {
    const cwd = folderWith({ ".env": "A=changeme\n" });
    expect((await lint(cwd)).code).toBe(0);
    expect((await lint(cwd, ["--fail-on", "warning"])).code).toBe(65);
  });

  test("--source says where readers are searched", async () => {
    const cwd = folderWith({ ...files, "app.py": "os.environ['OTHER']" });
    expect((await lint(cwd, ["--source", "."])).ids).toContain("ENV_UNUSED_FLAG:.env:OLD_FLAG");
    writeFileSync(join(cwd, "app.py"), "os.environ['OLD_FLAG']");
    expect((await lint(cwd, ["--source", "."])).ids).not.toContain("ENV_UNUSED_FLAG:.env:OLD_FLAG");
  });

  test("SARIF on stdout and as a report, with files relative to the repository", async () => {
    const cwd = folderWith({});
    execFileSync("git", ["init", "-q"], { cwd });
    mkdirSync(join(cwd, "app"));
    writeFileSync(join(cwd, "app/.env"), files[".env"]);
    const { stdout, code } = await runCli(["config", "lint", "--sarif", "--report", "codequality=q.json"], {
      cwd: join(cwd, "app"),
    });
    const [run] = (JSON.parse(stdout) as { runs: { results: { ruleId: string; locations: object[] }[] }[] })
      .runs;
    expect(run?.results[0]).toMatchObject({
      ruleId: "ENV_EXPIRED",
      level: "error",
      locations: [{ physicalLocation: { artifactLocation: { uri: "app/.env" }, region: { startLine: 1 } } }],
    });
    expect(JSON.parse(readFileSync(join(cwd, "app/q.json"), "utf8"))).toHaveLength(2);
    expect(code).toBe(65);
  });

  test("in GitHub Actions, annotations on stderr", async () => {
    const { stderr } = await lint(folderWith(files), [], { GITHUB_ACTIONS: "true" });
    expect(stderr).toMatch(/^::error file=\.env,line=1/);
  });

  test("a report that cannot be written is told, and the exit code says so", async () => {
    const { code, stderr } = await lint(folderWith({ ".env": "A=1\n" }), ["--report", "sarif=.env/a.sarif"]);
    expect(stderr).toContain("was not written");
    expect(code).toBe(73);
  });

  test("no value is in any output, whatever is wrong with it", async () => {
    const canary = "k9Qcanary7Zp";
    const text = [
      `API_KEY=${canary}`,
      `API_KEY=${canary}x`,
      `DB_URL=postgres://u:${canary}@db.acme.test/${canary}`,
      "DB_HOST=other.acme.test",
      `DB_NAME=${canary}`,
      `A_EXPIRY=${canary}`,
      `B="${canary}`,
      `C=${canary}#${canary}`,
      `D='${canary}' ${canary}`,
      `E=\${${canary}`,
      `F=\u00A0${canary}`,
      `REDIS_URL=redis://u:a#${canary}@cache`,
      `REDIS_HOST=${canary}`,
      `-----BEGIN ${canary}`,
    ].join("\n");
    const cwd = folderWith({ ".env": text });
    execFileSync("git", ["init", "-q"], { cwd });
    execFileSync("git", ["add", "-A"], { cwd });
    for (const dialect of ["dotenv", "python-dotenv", "compose", "docker"])
      for (const output of ["--json", "--sarif", "--no-color"]) {
        const { stdout, stderr } = await runCli(["config", "lint", output, "--dialect", dialect], { cwd });
        expect(stdout).toContain("ENV_");
        expect(stdout + stderr).not.toContain(canary);
      }
  }, 60_000);
});

const yaml = (id: string, expires: string) =>
  `waivers:\n  - {finding: "${id}", reason: asked for, owner: platform, expires: ${expires}}\n`;

describe("waivers", () => {
  test("one that is in force takes its finding out, and is shown", async () => {
    const id = "ENV_EXPIRED:.env:TOKEN_EXPIRES";
    const cwd = folderWith({ ".env": "TOKEN_EXPIRES=2024-01-01\n", "greenlight.yaml": yaml(id, inDays(30)) });
    const { code, ids, report } = await lint(cwd);
    expect(ids).toEqual([]);
    expect(report?.waived).toMatchObject([{ finding: { id }, owner: "platform", expires: inDays(30) }]);
    expect(code).toBe(0);
    const { stdout } = await runCli(["config", "lint"], { cwd });
    expect(stdout).toContain(`waived  ${id} (platform, until ${inDays(30)})`);
  });

  test("one that has expired counts for nothing, and is told", async () => {
    const id = "ENV_EXPIRED:.env:TOKEN_EXPIRES";
    const cwd = folderWith({ ".env": "TOKEN_EXPIRES=2024-01-01\n", "greenlight.yaml": yaml(id, inDays(-1)) });
    expect((await lint(cwd)).ids).toEqual(expect.arrayContaining([id, `WAIVER_EXPIRED:${id}`]));
  });

  test("one for nothing is told, but not when only some files were named", async () => {
    const id = "ENV_EXPIRED:.env.staging:TOKEN_EXPIRES";
    const cwd = folderWith({ ".env": "A=1\n", "greenlight.yaml": yaml(id, inDays(30)) });
    expect((await lint(cwd)).ids).toEqual([`WAIVER_UNKNOWN:${id}`]);
    expect((await lint(cwd, [".env"])).ids).toEqual([]);
  });

  test("where the configuration is wrong elsewhere, none counts, and the files are linted", async () => {
    const id = "ENV_EXPIRED:.env:TOKEN_EXPIRES";
    const text = `${yaml(id, inDays(30))}logLevel: loud\nenvFiles:\n  layers: [.env]\n`;
    const { ids, stderr, code } = await lint(
      folderWith({ ".env": "TOKEN_EXPIRES=2024-01-01\n", "greenlight.yaml": text }),
    );
    expect(ids).toEqual([id]);
    expect(stderr).toContain("no waiver counts");
    expect(code).toBe(65);
  });
});

describe("bad input", () => {
  test.each([
    ["binary", Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff, 0xfe]), "ENV_BINARY"],
    ["huge", Buffer.alloc(2_000_000, "A=1\n"), "ENV_TOO_LARGE"],
    ["Latin-1", Buffer.from("A=1\nB=\u00E9\n", "latin1"), "ENV_NOT_UTF8"],
    ["with NUL", Buffer.from("A=1\nB=x\0y\n"), "ENV_NUL"],
  ])(
    "a file that is %s is named with its line, and the other files are linted",
    async (_, bytes, expected) => {
      const cwd = folderWith({ ".env": bytes, ".env.staging": "TOKEN_EXPIRES=2024-01-01\n" });
      const { ids, code, stderr } = await lint(cwd);
      expect(ids).toEqual(["ENV_EXPIRED:.env.staging:TOKEN_EXPIRES", `${expected}:.env`].toSorted());
      expect(code).toBe(65);
      expect(stderr).toBe("");
    },
  );

  test.each([
    ["UTF-16", Buffer.from("\uFEFFA=1\n", "utf16le"), "iconv -f utf-16 -t utf-8 .env"],
    ["Latin-1", Buffer.from("A=\u00E9\n", "latin1"), "iconv -f latin1 -t utf-8 .env"],
  ])("of a file in %s it is told how to convert it, and that no file was read", async (_, bytes, how) => {
    const { stdout, code } = await runCli(["config", "lint", ".env"], { cwd: folderWith({ ".env": bytes }) });
    expect(stdout).toMatch(/^Found 1 error; no env file was read\.\n/);
    expect(stdout).toContain(how);
    expect(code).toBe(65);
  });

  test("a loop of links, a folder and a file that is not there", async () => {
    const cwd = folderWith({ ".env": "A=1\n" });
    symlinkSync("loop.env", join(cwd, "loop.env"));
    mkdirSync(join(cwd, "folder.env"));
    const { ids } = await lint(cwd, [".env", "loop.env", "folder.env", "gone.env"]);
    expect(ids).toEqual(["ENV_MISSING:gone.env", "ENV_NOT_A_FILE:folder.env", "ENV_SYMLINK_LOOP:loop.env"]);
  });

  test("files that extend each other in a circle: a fault of the configuration that names them all", async () => {
    const yaml =
      "envFiles:\n  layers:\n    - {path: a.env, extends: b.env}\n    - {path: b.env, extends: a.env}\n";
    const { code, stderr } = await lint(
      folderWith({ "greenlight.yaml": yaml, "a.env": "A=1\n", "b.env": "B=1\n" }),
    );
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /a\.env \(greenlight\.yaml:3:\d+\) extends b\.env \(greenlight\.yaml:4:\d+\) extends a\.env/,
    );
  });

  test("a configuration that is no YAML: its line", async () => {
    const { code, stderr } = await lint(folderWith({ "greenlight.yaml": "a: [\n", ".env": "A=1\n" }));
    expect(code).toBe(78);
    expect(stderr).toMatch(/greenlight\.yaml:\d+/);
  });

  test("two outputs at once", async () => {
    const { code, stderr } = await lint(folderWith({}), ["--sarif"]);
    expect(code).toBe(64);
    expect(stderr).toContain("give one");
  });
});
