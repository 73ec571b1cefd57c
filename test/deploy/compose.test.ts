import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { interpolate } from "../../src/config/interpolate.ts";
import { loadConfig } from "../../src/config/load.ts";
import { EXACT_TAG } from "./dockerfile.ts";

const service = v.looseObject({
  image: v.optional(v.string()),
  build: v.optional(v.string()),
  network_mode: v.optional(v.string()),
  ports: v.optional(v.array(v.string()), []),
  environment: v.optional(v.record(v.string(), v.string()), {}),
  healthcheck: v.optional(v.looseObject({ test: v.array(v.string()) })),
  depends_on: v.optional(v.record(v.string(), v.object({ condition: v.string() })), {}),
});

const compose = v.parse(
  v.strictObject({ name: v.string(), services: v.record(v.string(), service) }),
  parse(readFileSync("compose.yaml", "utf8")),
);
const { greenlight, ...databases } = compose.services;

describe("compose.yaml", () => {
  test("starts the three databases and the service built from here", () => {
    expect(Object.keys(databases)).toEqual(["postgres", "clickhouse", "redis"]);
    expect(greenlight?.build).toBe(".");
  });

  test.each(Object.entries(databases))(
    "%s: exact image, loopback only, a health check",
    (_name, database) => {
      expect(database.image).toMatch(EXACT_TAG);
      expect(database.ports).not.toEqual([]);
      for (const port of database.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      expect(database.healthcheck?.test[0]).toBe("CMD");
    },
  );

  test("the service waits for healthy databases and publishes nothing", () => {
    expect(greenlight?.network_mode).toBe("host");
    expect(greenlight?.ports).toEqual([]);
    const waits = Object.fromEntries(
      Object.keys(databases).map((name) => [name, { condition: "service_healthy" }]),
    );
    expect(greenlight?.depends_on).toEqual(waits);
  });

  test("the service's variables load, and point at the published ports", async () => {
    const entries = Object.entries(greenlight?.environment ?? {});
    const env = Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, {}).text]));
    const result = await loadConfig({ env });
    expect(result).toMatchObject({ ok: true, warnings: [] });
    if (!result.ok) return;
    const published = Object.values(databases).flatMap(({ ports }) =>
      ports.map((port) => port.split(":")[1]),
    );
    const ports = result.config.dependencies.flatMap((each) =>
      each.kind === "auth" ? [] : [new URL(each.url).port],
    );
    expect(ports).toEqual(published);
    expect(result.config.listen).toEqual({ host: "127.0.0.1", port: 8080 });
  });
});
