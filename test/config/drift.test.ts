import { describe, expect, test } from "vitest";
import { configOf, faultsOf } from "./load.ts";

describe("drift", () => {
  test("sources have names of their own, and paths from the folder of the file", async () => {
    const { config } = await configOf(`
drift:
  baseline: conf/b.json
  keyFile: ~/key
  sources:
    - env: ./.env.staging
    - { env: docker.env, dialect: docker }
    - { variables: [B_*, A_*, B_*] }
    - cloudrun: /abs/service.json
    - configmap: k8s/../cm.yaml
    - compose: compose.yaml
  ignore: [{ key: "BUILD_*", reason: changes }]
  every: 5m
`);
    expect(config.drift).toEqual({
      baseline: { shown: "conf/b.json", path: "conf/b.json" },
      keyFile: { shown: "~/key", path: "~/key" },
      sources: [
        {
          id: "env:.env.staging",
          kind: "env",
          file: { shown: ".env.staging", path: ".env.staging" },
          dialect: "dotenv",
        },
        {
          id: "env:docker.env",
          kind: "env",
          file: { shown: "docker.env", path: "docker.env" },
          dialect: "docker",
        },
        { id: "variables:A_*,B_*", kind: "variables", patterns: ["A_*", "B_*"] },
        {
          id: "cloudrun:/abs/service.json",
          kind: "cloudrun",
          file: { shown: "/abs/service.json", path: "/abs/service.json" },
        },
        { id: "configmap:cm.yaml", kind: "configmap", file: { shown: "cm.yaml", path: "cm.yaml" } },
        {
          id: "compose:compose.yaml",
          kind: "compose",
          file: { shown: "compose.yaml", path: "compose.yaml" },
        },
      ],
      ignore: [{ pattern: "BUILD_*", reason: "changes" }],
      everyMs: 300_000,
    });
  });

  test("variables set what is single", async () => {
    const env = {
      GREENLIGHT_DRIFT_BASELINE: "x.json",
      GREENLIGHT_DRIFT_EVERY: "2s",
      GREENLIGHT_BASELINE_KEY: "k",
    };
    const { config } = await configOf("", env);
    expect(config.drift).toMatchObject({ baseline: { path: "x.json" }, everyMs: 2000 });
  });

  test.each([
    ["drift: { sources: [{}] }", "drift.sources.0", "a mapping with one of"],
    ["drift: { sources: [{ env: a, compose: b }] }", "drift.sources.0", "a mapping with one of"],
    ["drift: { sources: [{ compose: b, dialect: docker }] }", "drift.sources.0", "`dialect` beside `env`"],
    ["drift: { sources: [{ env: a, dialect: bash }] }", "drift.sources.0.dialect", "one of `dotenv`"],
    ["drift: { sources: [{ variables: [] }] }", "drift.sources.0.variables", "at least one"],
    ["drift: { sources: [{ env: a }, { env: ./a }] }", "drift.sources.1", "each source once"],
    ["drift: { sources: [{ envv: a }] }", "drift.sources.0", "one of `env`"],
    ["drift: { sources: env }", "drift.sources", "a list of sources"],
    ["drift: { ignore: [{ key: A }] }", "drift.ignore.0.reason", ""],
    ["drift: { every: 10ms }", "drift.every", "from 1s to 24h"],
  ])("%s is a fault at %s", async (text, path, expected) => {
    const faults = await faultsOf(text);
    const found = faults.map((fault) => ({ path: fault.path, expected: fault.expected }));
    expect(found).toContainEqual({ path, expected: expect.stringContaining(expected) as unknown });
  });
});
