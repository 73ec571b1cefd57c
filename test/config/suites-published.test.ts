import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { generateConfigSchema } from "../../src/docs/schema.ts";
import { faultsOf } from "./load.ts";

const ENV = {
  DATABASE_URL: "postgres://p/d",
  REDIS_URL: "redis://r",
  AUTH_URL: "https://auth.example.com",
  WEBSOCKET_URL: "ws://w",
};

const dependencies = {
  http: [{ name: "api", url: "https://api.example.com" }],
  tcp: [{ name: "mail", url: "tcp://mail:25" }],
};

const validate = new Ajv({ strict: false }).compile(generateConfigSchema());
const token = [{ variable: "TOKEN" }];

/** What both say of a file with these suites. */
async function judge(suites: unknown) {
  const file = { dependencies, suites };
  const loads = (await faultsOf(JSON.stringify(file), ENV)).length === 0;
  return { published: validate(file), loads };
}

describe("the published schema and the loader agree", () => {
  test.each<[string, unknown]>([
    ["a list of names", { a: ["postgres", "redis", "api"] }],
    ["a list with a mapping", { a: ["redis", { dependency: "auth", assurance: "emulator" }] }],
    ["a mapping", { a: { requires: ["redis"], stable: "3s", grace: "0s", expected: "20m" } }],
    ["credentials", { a: { requires: ["redis"], expected: "20m", credentials: token } }],
    [
      "expectations of SQL",
      { a: [{ dependency: "postgres", table: "t", migration: { version: "1" }, assert: [] }] },
    ],
    ["a key", { a: [{ dependency: "redis", key: { name: "k", equals: "v" } }] }],
    ["expectations of HTTP", { a: [{ dependency: "api", status: [200], json: [{ pointer: "" }] }] }],
    ["a banner", { a: [{ dependency: "mail", banner: "220", level: "optional" }] }],
    ["no suite", {}],
  ])("%s is good", async (_name, suites) => {
    expect(await judge(suites)).toEqual({ published: true, loads: true });
  });

  test.each<[string, unknown]>([
    ["an empty list", { a: [] }],
    ["text", { a: "postgres" }],
    ["a name in capitals", { A: ["redis"] }],
    ["a name out of a variable", { "${NAME}": ["redis"] }],
    ["a mapping without `requires`", { a: { stable: "3s" } }],
    ["an unknown key", { a: { requires: ["redis"], stabel: "3s" } }],
    ["a requirement without `dependency`", { a: [{ level: "optional" }] }],
    ["a dependency whose name cannot be one", { a: ["Postgres"] }],
    ["a table of Redis", { a: [{ dependency: "redis", table: "t" }] }],
    ["a key of Postgres", { a: [{ dependency: "postgres", key: "k" }] }],
    ["a key of the auth service", { a: [{ dependency: "auth", key: "k" }] }],
    ["a table of an HTTP service", { a: [{ dependency: "api", table: "t" }] }],
    ["a banner beside a status", { a: [{ dependency: "mail", banner: "220", status: [200] }] }],
    ["credentials without an expected time", { a: { requires: ["redis"], credentials: token } }],
    ["no credential in the list", { a: { requires: ["redis"], expected: "1m", credentials: [] } }],
    [
      "a name that no variable has",
      { a: { requires: ["redis"], expected: "1m", credentials: [{ variable: "1" }] } },
    ],
    ["a window without a unit", { a: { requires: ["redis"], stable: "3" } }],
    ["a level that is none", { a: [{ dependency: "redis", level: "maybe" }] }],
  ])("%s is not", async (_name, suites) => {
    expect(await judge(suites)).toEqual({ published: false, loads: false });
  });
});
