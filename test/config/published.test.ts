import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
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

test("every key has a meaning, and no two share a variable", () => {
  const { rows } = readKeyTable();
  expect(rows.filter((row) => row.meaning === "")).toEqual([]);
  const variables = rows.flatMap(({ variable }) => variable ?? []);
  expect(new Set(variables).size).toBe(variables.length);
  expect(variables).toEqual(
    expect.arrayContaining(["DATABASE_URL", "CLICKHOUSE_URL", "REDIS_URL", "PORT", "HOST"]),
  );
});
