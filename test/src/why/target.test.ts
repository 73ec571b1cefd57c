import { expect, test } from "vitest";
import { resourceOf } from "../../../services/why/cloud.ts";
import { cloudTarget, isInCloud } from "../../../src/why/target.ts";
import type { GcpOptions, GcpResource } from "../../../src/config/gcp.ts";

const sql: GcpResource = {
  kind: "sql",
  project: "data-stg",
  region: "europe-west1",
  instance: "db",
  connectionName: "data-stg:europe-west1:db",
};
const gcp: GcpOptions = {
  dependencies: new Map<string, GcpResource>([
    ["postgres", sql],
    ["redis", { kind: "memorystore", instance: "cache" }],
  ]),
  network: "default",
  subnet: "default",
  connector: { name: "c" },
  endpoints: {},
};

test("a resource without a place of its own is in that of the service; a suite's own dependency is the same one", () => {
  const target = cloudTarget(gcp, { project: "acme-stg", region: "us-central1", service: "api" });
  expect(target).toMatchObject({ project: "acme-stg", region: "us-central1", service: "api" });
  expect(target && resourceOf(target, "redis@e2e")).toEqual({
    kind: "memorystore",
    project: "acme-stg",
    region: "us-central1",
    instance: "cache",
  });
  expect(target && resourceOf(target, "postgres")).toMatchObject({
    project: "data-stg",
    region: "europe-west1",
  });
  // Half of a connector cannot be made.
  expect(target?.connector).toBeUndefined();
});

test("where nobody says the project, that of an instance does; without either nothing can be asked", () => {
  expect(cloudTarget(gcp, {})).toMatchObject({ project: "data-stg", region: "europe-west1" });
  expect(cloudTarget({ ...gcp, dependencies: new Map() }, {})).toBeUndefined();
  expect(isInCloud(gcp)).toBe(true);
  expect(isInCloud({ ...gcp, dependencies: new Map() })).toBe(false);
});
