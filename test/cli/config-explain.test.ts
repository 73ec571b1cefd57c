import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "./run-cli.ts";

/** Stands for a value that must not be shown. */
const CANARY = "c4n4ry-v4lue";

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), "greenlight-layers-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const LAYERS = "envFiles:\n  layers: [.env, {path: .env.staging, dialect: compose}]\n";

async function explain(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const ran = await runCli(["config", "explain", ...args], { cwd, env });
  expect(ran.stdout + ran.stderr).not.toContain(CANARY);
  return ran;
}

async function explainJson(cwd: string, args: readonly string[], env?: Record<string, string>) {
  const { code, stdout } = await explain(cwd, [...args, "--json"], env);
  return { code, report: JSON.parse(stdout) as Record<string, unknown> };
}

test("the highest layer wins, and what it shadows is told with fingerprints", async () => {
  const cwd = folder({
    "greenlight.yaml": LAYERS,
    ".env": `API_KEY=${CANARY}-1\n`,
    ".env.staging": `# staging\nAPI_KEY="${CANARY}-2" # temporary\nHOST=h\n`,
  });
  const { code, stdout } = await explain(cwd, ["API_KEY"]);
  expect(code).toBe(0);
  expect(stdout.split("\n")[0]).toBe(
    "API_KEY comes from .env.staging:2, and shadows 1 setting with another value.",
  );
  expect(stdout).toMatch(/^ {2}wins +\.env\.staging:2 +compose +fp:[\da-f]{16}$/m);
  expect(stdout).toMatch(/^ {2}shadowed +\.env:1 +dotenv +fp:[\da-f]{16} +another value$/m);
  expect(stdout).toMatch(/^ {2}docker --env-file +line 2 +fp:/m);
});

test("a variable of the process wins, and Greenlight says what it reads it for", async () => {
  const cwd = folder({ ".env": `DATABASE_URL=postgres://u:${CANARY}@h/db\n` });
  const url = `postgres://u:${CANARY}@other/db`;
  const { code, report } = await explainJson(cwd, ["dependencies.postgres.url"], { DATABASE_URL: url });
  expect(code).toBe(0);
  expect(report).toMatchObject({
    schemaVersion: 1,
    key: "DATABASE_URL",
    winner: { kind: "variable" },
    shadowed: [{ file: ".env", line: 1, same: false }],
    meaning: { path: "dependencies.postgres.url" },
    nextSteps: ["Unset the variable DATABASE_URL to have the value of .env:1."],
  });
});

test("under the key of the baseline the fingerprints stay the same, and without it they do not", async () => {
  const cwd = folder({ ".env": "A=1\n" });
  const print = async (env?: Record<string, string>) =>
    (await explainJson(cwd, ["A"], env)).report as {
      winner: { fingerprint: string };
      fingerprintKey?: string;
    };
  const key = { GREENLIGHT_BASELINE_KEY: "0123456789abcdef0123456789abcdef" };
  const [one, two, three] = [await print(key), await print(key), await print()];
  expect(one).toEqual(two);
  expect(one.fingerprintKey).toMatch(/^key:/);
  expect(three.winner.fingerprint).not.toBe(one.winner.fingerprint);
  expect(three.fingerprintKey).toBeUndefined();
});

test("what a $ in a password makes a name is not named; what is set is", async () => {
  const cwd = folder({
    "greenlight.yaml": "envFiles: {layers: [{path: c.env, dialect: compose}]}\n",
    "c.env": `PART=x\nPASSWORD=$PART-pa$${CANARY}\n`,
  });
  const { report } = await explainJson(cwd, ["PASSWORD"]);
  expect(report).toMatchObject({ winner: { references: ["PART"], unknownReferences: 1 } });
  expect(JSON.stringify(report)).not.toContain("c4n4ry");
});

test("a reference to a lower layer is replaced alike in the layers and in the dialects", async () => {
  const cwd = folder({
    "greenlight.yaml": LAYERS,
    ".env": "HOST=h\n",
    ".env.staging": "URL=http://${HOST}/\n",
  });
  const { report } = await explainJson(cwd, ["URL"]);
  const { winner, dialects } = report as {
    winner: { fingerprint: string };
    dialects: { readings: { dialect: string; fingerprint: string }[] };
  };
  const compose = dialects.readings.find(({ dialect }) => dialect === "compose");
  expect(compose?.fingerprint).toBe(winner.fingerprint);
});

test("what nothing sets is 65, with the name that is near; --env chooses the customary files", async () => {
  const cwd = folder({ ".env.qa": "DATABASE_HOST=h\n" });
  const missing = await explain(cwd, ["DATABSE_HOST", "--env", "qa"]);
  expect(missing.code).toBe(65);
  expect(missing.stdout).toContain("DATABSE_HOST is not set.");
  expect(missing.stdout).toContain("greenlight config explain DATABASE_HOST");
  expect((await explain(cwd, ["DATABASE_HOST", "--env", "qa"])).code).toBe(0);
  expect((await explain(cwd, ["DATABASE_HOST"])).code).toBe(65);
});

test("layers that cannot be read or are refused are told with their line, the rest is done, and it is 78", async () => {
  const cwd = folder({
    "greenlight.yaml": "envFiles:\n  layers: [.env, latin1.env, none.env, {path: d.env, dialect: docker}]\n",
    ".env": `A=${CANARY}\n`,
    "latin1.env": Buffer.from("B=1\nA=caf\u00E9\n", "latin1"),
    "d.env": `A=2\nexport SECRET=${CANARY}\n`,
  });
  const { code, report } = await explainJson(cwd, ["A"]);
  expect(code).toBe(78);
  expect(report).toMatchObject({
    winner: { file: ".env", line: 1 },
    ignored: [{ file: "d.env", line: 1, because: "file-refused" }],
    layers: [
      { path: ".env", state: "read", keys: 1 },
      { path: "latin1.env", state: "unreadable" },
      { path: "none.env", state: "unreadable" },
      { path: "d.env", state: "refused" },
    ],
    faults: [
      { file: "latin1.env", line: 2, code: "ENV_NOT_UTF8" },
      { file: "none.env", code: "ENV_MISSING" },
      { file: "d.env", line: 2, code: "ENV_BAD_KEY" },
    ],
  });
  const { stdout } = await explain(cwd, ["A"]);
  expect(stdout).toContain("latin1.env:2: expected text in UTF-8, found bytes of another encoding");
  expect(stdout).toContain("1. Mend latin1.env:2");
});

test("a circle of extends is 78 and names all of it; another fault of the configuration is no hindrance", async () => {
  const cwd = folder({
    ".env": "A=1\n",
    "circle.yaml": "envFiles:\n  layers: [{path: a.env, extends: b.env}, {path: b.env, extends: a.env}]\n",
    "other.yaml": "logLevel: loud\n",
  });
  const { code, stdout } = await explain(cwd, ["A", "-c", "circle.yaml"]);
  expect(code).toBe(78);
  expect(stdout).toMatch(
    /a\.env \(circle\.yaml:2:\d+\) extends b\.env \(circle\.yaml:2:\d+\) extends a\.env/,
  );
  expect((await explain(cwd, ["A", "-c", "other.yaml"])).code).toBe(0);
});

test.each([[`API_KEY=${CANARY}`], ["two words"], [""]])("what is no name is 64: %j", async (key) => {
  const { code, stderr } = await explain(folder({}), [key]);
  expect(code).toBe(64);
  expect(stderr).toContain("expected the name of a variable");
});
