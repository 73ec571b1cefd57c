import { expect, test } from "vitest";
import { DEFAULT_WEIGHTS } from "../../services/context/kinds.ts";
import { configOf, faultsOf } from "./load.ts";

const url = { DATABASE_URL: "postgres://db/app" };

test("weights, labels, projects and what is ignored are taken over, beside their defaults", async () => {
  const { config } = await configOf(`
context:
  weights: { platform: 10, url: 80 }
  labels: { staging: [uat, blue-green] }
  projects: { acme-7: staging, "example.com:acme": production }
  ignore: [NODE_ENV, redis.host, .env.production]`);
  expect(config.context).toEqual({
    weights: { ...DEFAULT_WEIGHTS, platform: 10, url: 80 },
    labels: { production: [], staging: ["uat", "blue-green"], development: [], test: [], ci: [] },
    projects: { "acme-7": "staging", "example.com:acme": "production" },
    ignore: ["NODE_ENV", "redis.host", ".env.production"],
    declares: {},
  });
});

test("variables set them too, and win over the file", async () => {
  const { config } = await configOf("context: { ignore: [APP_ENV], weights: { url: 1 } }", {
    GREENLIGHT_CONTEXT_IGNORE: "NODE_ENV, DD_ENV",
    GREENLIGHT_CONTEXT_LABELS_TEST: "lab",
    GREENLIGHT_CONTEXT_WEIGHTS_URL: "50",
  });
  expect(config.context).toMatchObject({
    ignore: ["NODE_ENV", "DD_ENV"],
    labels: { test: ["lab"] },
    weights: { url: 50 },
  });
});

test("each kind says where its servers declare their environment", async () => {
  const { config } = await configOf(`
dependencies:
  postgres: { url: "postgres://db/app", declares: SELECT name FROM environment }
  clickhouse: { url: "http://ch", declares: SELECT 1 }
  redis: { url: "redis://r", declares: "env:name" }
  auth: { url: "https://auth.example.com", declares: /environment }
  http: [{ name: api, url: "https://api.example.com", declares: /about/environment }, { name: other, url: "https://o.example.com" }]`);
  expect(config.context.declares).toEqual({
    postgres: "SELECT name FROM environment",
    clickhouse: "SELECT 1",
    redis: "env:name",
    auth: "/environment",
    api: "/about/environment",
  });
});

test.each([
  ["context: { weights: { flag: 0 } }", "context.weights.flag", /from 1 to 100/],
  ["context: { weights: { url: 101 } }", "context.weights.url", /from 0 to 100/],
  ["context: { weights: { adress: 1 } }", "context.weights.adress", /one of `flag`/],
  ["context: { projects: { acme: prod } }", "context.projects.acme", /one of `production`/],
  ["context: { ignore: ['A B'] }", "context.ignore.0", /such as `NODE_ENV`/],
  [
    "context: { labels: { staging: [prod] } }",
    "context.labels.staging.0",
    /those of production for no other/,
  ],
  [
    "context: { labels: { staging: [uat], test: [UAT] } }",
    "context.labels.test.0",
    /each label for one environment/,
  ],
  ["context: { labels: { staging: ['--'] } }", "context.labels.staging.0", /letters or digits/],
  [
    "dependencies: { auth: { url: 'https://a', declares: environment } }",
    "dependencies.auth.declares",
    /JSON pointer/,
  ],
])("%s is refused with its place", async (text, path, expected) => {
  const faults = await faultsOf(text, url);
  expect(faults).toEqual([expect.objectContaining({ path, expected: expect.stringMatching(expected) })]);
  expect(faults[0]?.where).toMatch(/^greenlight\.yaml:1:\d+$/);
});
