import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/load.ts";
import { readKeyTable } from "../../src/config/keys.ts";
import {
  generateConfigReference,
  generateConfigSchema,
  generateConfigSchemaText,
} from "../../src/docs/schema.ts";

test("docs/greenlight.schema.json is what the schema generates", async () => {
  expect(await readFile("docs/greenlight.schema.json", "utf8")).toBe(generateConfigSchemaText());
});

test("docs/reference/configuration.md is what the schema generates", async () => {
  expect(await readFile("docs/reference/configuration.md", "utf8")).toBe(generateConfigReference());
});

test("the JSON Schema accepts the example and refuses a misspelt key", async () => {
  const validate = new Ajv({ strict: false }).compile(generateConfigSchema());
  expect(validate(parse(await readFile("examples/greenlight.yaml", "utf8")))).toBe(true);
  expect(validate({ listen: { port: "${PORT}" }, probe: { interval: "${INTERVAL:-1s}" } })).toBe(true);
  expect(validate({ enviroment: "x" })).toBe(false);
  expect(validate({ probe: { interval: "10" } })).toBe(false);
});

test("examples/services.yaml loads without a warning, and the JSON Schema accepts it", async () => {
  const path = "examples/services.yaml";
  const text = await readFile(path, "utf8");
  expect(new Ajv({ strict: false }).compile(generateConfigSchema())(parse(text))).toBe(true);
  const env = { AUTH_CLIENT_SECRET: "s", READERS: `token:ci:${"0".repeat(64)}` };
  for (const ENVIRONMENT of ["staging", "dev"]) {
    const result = await loadConfig({ env: { ...env, ENVIRONMENT }, file: { path, text } });
    expect(result).toMatchObject({ ok: true, warnings: [] });
  }
});

test("the JSON Schema lets a list come out of a variable, and knows the kinds of a candidate", async () => {
  const validate = new Ajv({ strict: false }).compile(generateConfigSchema());
  expect(validate({ access: { readers: "${READERS}" } })).toBe(true);
  expect(validate({ access: { readers: "token:ci" } })).toBe(false);
  expect(validate({ groups: { a: "${MEMBERS}" } })).toBe(false);
  expect(validate({ dependencies: { auth: { candidates: [{ name: "a", kind: "reel" }] } } })).toBe(false);
});

test("every key has a meaning, and no two share a variable", () => {
  const { rows } = readKeyTable();
  expect(rows.filter((row) => row.meaning === "")).toEqual([]);
  const variables = rows.flatMap(({ variable }) => variable ?? []);
  expect(new Set(variables).size).toBe(variables.length);
  expect(variables).toEqual(
    expect.arrayContaining([
      "DATABASE_URL",
      "CLICKHOUSE_URL",
      "REDIS_URL",
      "AUTH_URL",
      "AUTH_STAGING_URL",
      "AUTH_LOCAL_URL",
      "AUTH_MOCK_URL",
      "WEBSOCKET_URL",
      "GREENLIGHT_ACCESS_READERS",
      "GREENLIGHT_AUTH_CLIENT_SECRET",
      "GREENLIGHT_STRICT",
      "PORT",
      "HOST",
    ]),
  );
});
