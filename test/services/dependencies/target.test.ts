import { expect, test } from "vitest";
import { dependencyFor } from "../../support/diagnose.ts";

// The URL parser drops a port that is its scheme's own; what was written must still be what is asked.
test.each([
  ["clickhouse", "http://db", 80],
  ["clickhouse", "http://db:80", 80],
  ["clickhouse", "https://db:443", 443],
  ["clickhouse", "https://db:8443", 8443],
  ["postgres", "postgres://db/app", 5432],
  ["postgres", "postgres://db:6432/app", 6432],
  ["redis", "redis://db", 6379],
  ["redis", "rediss://db:6380", 6380],
] as const)("%s %s is asked at port %i", async (kind, url, port) => {
  expect((await dependencyFor(kind, { url })).target.port).toBe(port);
});
