import { execFile } from "node:child_process";
import { cp, mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let copy = "";

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "greenlight-arrows-"));
  await cp(join(root, ".oxlintrc.json"), join(copy, ".oxlintrc.json"));
  await cp(join(root, "tsconfig.json"), join(copy, "tsconfig.json"));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Lints planted files as the project is linted, and gives the names of the rules they break. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  const oxlint = join(root, "node_modules/.bin/oxlint");
  const args = ["--type-aware", "--format", "json", ...Object.keys(files)];
  const { stdout } = await promisify(execFile)(oxlint, args, { cwd: copy }).catch(
    (error: { stdout: string }) => error,
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code.replace(/^.*\((.*)\)$/, "$1"));
}

test("a service that imports a route is refused", async () => {
  const files = {
    "routes/a.ts": "export const a = 1;\n",
    "services/b.ts": 'import { a } from "../routes/a.ts";\n\nexport const b = a;\n',
  };
  expect(await brokenRules(files)).toContain("no-restricted-imports");
});

test("a route that imports from src is refused", async () => {
  const files = {
    "src/c.ts": "export const c = 1;\n",
    "routes/d.ts": 'import { c } from "../src/c.ts";\n\nexport const d = c;\n',
  };
  expect(await brokenRules(files)).toContain("no-restricted-imports");
});

test.each(["services", "routes"])("%s that read the process are refused", async (folder) => {
  expect(await brokenRules({ [`${folder}/e.ts`]: "export const home = process.env;\n" })).toContain(
    "no-restricted-globals",
  );
});

test("a service that knows Fastify is refused", async () => {
  expect(
    await brokenRules({ "services/f.ts": 'import fastify from "fastify";\n\nexport const app = fastify;\n' }),
  ).toContain("no-restricted-imports");
});

test("a cycle is refused", async () => {
  const files = {
    "services/g.ts": 'import { h } from "./h.ts";\n\nexport const g = (): number => h();\n',
    "services/h.ts": 'import { g } from "./g.ts";\n\nexport const h = (): number => g();\n',
  };
  expect(await brokenRules(files)).toContain("no-cycle");
});

test("an arrow in the right direction is accepted", async () => {
  const files = {
    "services/i.ts": "export const i = 1;\n",
    "routes/j.ts": 'import { i } from "../services/i.ts";\n\nexport const j = i;\n',
  };
  expect(await brokenRules(files)).toEqual([]);
});
