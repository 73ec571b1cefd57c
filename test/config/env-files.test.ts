import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";

const load = (text: string, env: Record<string, string> = {}) =>
  loadConfig({ env, file: { path: "greenlight.yaml", text, directory: "/project" } });

async function layersOf(text: string, env?: Record<string, string>) {
  const result = await load(text, env);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config.envFiles;
}

test("without layers they are those that are customary for the environment, none required", async () => {
  const { layers, declared, directory } = await layersOf("environment: staging");
  expect(layers.map(({ path }) => path)).toEqual([
    ".env",
    ".env.local",
    ".env.staging",
    ".env.staging.local",
  ]);
  expect(layers.every(({ required }) => !required)).toBe(true);
  expect({ declared, directory }).toEqual({ declared: false, directory: "/project" });
});

test("layers are read in both forms, with the place of each", async () => {
  const { layers, declared } = await layersOf(
    "envFiles:\n  layers: [.env, {path: .env.staging, dialect: compose, required: false}]\n",
  );
  expect(declared).toBe(true);
  expect(layers).toEqual([
    { path: ".env", dialect: "dotenv", required: true, where: "greenlight.yaml:2:12" },
    { path: ".env.staging", dialect: "compose", required: false, where: "greenlight.yaml:2:25" },
  ]);
});

test("a file that is extended lies beneath, in the dialect of the one that extends it", async () => {
  const { layers } = await layersOf(`
envFiles:
  layers:
    - {path: b.env, extends: a.env, dialect: docker}
    - c.env
    - {path: d.env, extends: ./c.env}
`);
  expect(layers.map(({ path, dialect, extendedBy }) => [path, dialect, extendedBy])).toEqual([
    ["a.env", "docker", "b.env"],
    ["b.env", "docker", undefined],
    ["c.env", "dotenv", undefined],
    ["d.env", "dotenv", undefined],
  ]);
});

test("a circle of extends is a fault that names all of it and each place", async () => {
  const result = await load(`envFiles:
  layers:
    - {path: top.env, extends: a.env}
    - {path: a.env, extends: b.env}
    - {path: b.env, extends: a.env}
    - {path: self.env, extends: ./self.env}
`);
  expect(result.ok ? [] : result.faults).toMatchObject([
    {
      code: "CONFIG_INVALID_VALUE",
      path: "envFiles.layers",
      expected: "files that do not extend each other in a circle",
      found: "a.env (greenlight.yaml:4:30) extends b.env (greenlight.yaml:5:30) extends a.env",
    },
    { found: "self.env (greenlight.yaml:6:33) extends self.env" },
  ]);
});

test.each([
  ["envFiles: {layers: .env}", "envFiles.layers", "a list of env files, the lowest first"],
  ["envFiles: {layers: [{dialect: compose}]}", "envFiles.layers.0.path", "`path` to be given"],
  [
    "envFiles: {layers: [{path: .env, dialect: bash}]}",
    "envFiles.layers.0.dialect",
    "one of `dotenv`, `python-dotenv`, `compose`, `docker`",
  ],
  ["envFiles: {layers: [7]}", "envFiles.layers.0", "the path of a file, or a mapping with `path`"],
])("what does not fit is a fault at its key: %s", async (text, path, expected) => {
  const result = await load(text);
  expect(result.ok ? [] : result.faults).toMatchObject([{ path, expected }]);
});
