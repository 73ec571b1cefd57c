import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";

const env = {
  DATABASE_URL: "postgres://u:p@127.0.0.1:5432/app",
  CLICKHOUSE_URL: "http://u:p@127.0.0.1:8123/app",
  REDIS_URL: "redis://:p@127.0.0.1:6379/0",
};

test("examples/greenlight.yaml loads with its variables set, without a warning", async () => {
  const path = "examples/greenlight.yaml";
  const result = await loadConfig({ env, file: { path, text: readFileSync(path, "utf8") } });
  expect(result).toMatchObject({
    ok: true,
    warnings: [],
    config: {
      environment: "staging",
      dependencies: [{ kind: "postgres" }, { kind: "clickhouse" }, { kind: "redis", required: false }],
    },
  });
});

test("examples/greenlight.yaml names each variable that is missing", async () => {
  const path = "examples/greenlight.yaml";
  const result = await loadConfig({ env: {}, file: { path, text: readFileSync(path, "utf8") } });
  const found = result.ok ? [] : result.faults.map((fault) => fault.found);
  expect(found).toEqual(["DATABASE_URL unset", "CLICKHOUSE_URL unset", "REDIS_URL unset"]);
});

test("LICENSE is the whole of Apache-2.0, as package.json says", () => {
  const license = readFileSync("LICENSE", "utf8");
  expect(license).toContain("Apache License");
  expect(license).toContain("END OF TERMS AND CONDITIONS");
  expect(license.split("\n").length).toBeGreaterThan(200);
  expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ license: "Apache-2.0" });
});
