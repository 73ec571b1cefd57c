import { describe, expect, test } from "vitest";
import { secretIn } from "../../../services/env-lint/secret.ts";
import { readServer } from "../../../services/env-lint/server.ts";
import { idsOf, lintText } from "./lint-text.ts";

const of = (text: string, path = ".env.staging") => idsOf(lintText({ [path]: text }));

/** In pieces, so that no scanner of this repository takes them for real. */
const stripe = ["sk", "live", "k3".repeat(9)].join("_");
const github = ["ghp", "k3Q9".repeat(9)].join("_");

describe("duplicates", () => {
  test("with different values are an error at the one that wins, with the same a warning", () => {
    const findings = lintText({ ".env": "A=1\nB=1\nA=2\nB=1\n" });
    expect(findings).toMatchObject([
      { id: "ENV_DUPLICATE_KEY:.env:A", severity: "error", place: { line: 3 } },
      { id: "ENV_DUPLICATE_KEY:.env:B", severity: "warning", place: { line: 4 } },
    ]);
  });

  test("the same key in two layers is what layers are for", () => {
    expect(idsOf(lintText({ ".env": "A=1\n", ".env.staging": "A=2\n" }))).toEqual([]);
  });
});

describe("a URL and its parts", () => {
  test.each([
    ["DATABASE_URL=postgres://u@db.acme.test/app\nDATABASE_HOST=old.acme.test\n", "DATABASE_HOST"],
    ["DATABASE_URL=postgres://u@db.acme.test/app\nDB_PORT=5433\n", "DB_PORT"],
    ["DATABASE_URL=postgres://u@db.acme.test/app\nPGDATABASE=other\n", "PGDATABASE"],
    ["REDIS_URL=rediss://cache.acme.test\nREDIS_HOST=cache2.acme.test\n", "REDIS_HOST"],
    ["REDIS_URL=redis://cache.acme.test:6380/0\nREDIS_PORT=6379\n", "REDIS_PORT"],
    ["AUTH_BASE_URL=https://auth.acme.test\nAUTH_HOST=login.acme.test\n", "AUTH_HOST"],
    [
      "ORDERS_DATABASE_URL=postgres://u@a.acme.test/x\nORDERS_DATABASE_HOST=b.acme.test\n",
      "ORDERS_DATABASE_HOST",
    ],
  ])("%j differ", (text, key) => {
    expect(of(text)).toEqual([`ENV_HOST_MISMATCH:.env.staging:${key}`]);
  });

  test("the message names both servers, and no database and no user", () => {
    const [finding] = lintText({ ".env": "DB_URL=mysql://u:k9Q@db.acme.test/app\nDB_HOST=old.acme.test\n" });
    expect(finding?.message).toBe(
      "DB_HOST and DB_URL name different servers: db.acme.test against old.acme.test.",
    );
    expect(JSON.stringify(finding)).not.toContain("k9Q");
  });

  test("across layers too", () => {
    const texts = {
      ".env": "DB_HOST=db.local.test\n",
      ".env.staging": "DB_URL=postgres://u@db.acme.test/a\n",
    };
    expect(idsOf(lintText(texts))).toEqual(["ENV_HOST_MISMATCH:.env:DB_HOST"]);
  });

  test.each([
    "DATABASE_URL=postgres://u@DB.acme.test/app\nDB_HOST=db.acme.test\nDB_PORT=5432\nDB_NAME=app\n",
    "REDIS_URL=redis://localhost:6379\nREDIS_HOST=127.0.0.1\n",
    "APP_URL=https://app.acme.test\nAPP_HOST=0.0.0.0\nAPP_PORT=8080\n",
    "API_URL=https://api.acme.test\nAPI_HOST=localhost\n",
    "DB_URL=postgres://u@a.acme.test,b.acme.test/app\nDB_HOST=a.acme.test\n",
    "REDIS_URL=redis://cache.acme.test/2\nREDIS_DB=0\nREDIS_NAME=main\n",
    "ORDERS_URL=postgres://u@a.acme.test/x\nUSERS_HOST=b.acme.test\n",
    "DB_URL=postgres://u@db.acme.test:5433/a\nDB_HOST=db.acme.test:5433\n",
    "DB_URL=postgres://u@db.acme.test/a\nDB_HOST=\n",
  ])("%j agree, or cannot be compared", (text) => expect(of(text)).toEqual([]));

  test("a value with references is not compared", () => {
    const text = "DB_URL=postgres://u@${REGION}.acme.test/a\nDB_HOST=eu.acme.test\n";
    expect(idsOf(lintText({ ".env": text }, { dialect: "compose" }))).toEqual([]);
  });
});

describe("reading a URL", () => {
  test.each([
    "postgres://u:a#k9Q@db.acme.test/x",
    "postgres://u:k9/Q@db.acme.test/x",
    "postgres://u:a?k9Q@db.acme.test/x",
  ])("%s: a piece of a password is never taken for a host", (url) => expect(readServer(url)).toBeUndefined());

  test("the port of a scheme is known, and one that is written is kept", () => {
    expect(readServer("redis://cache")?.port).toBe(6379);
    expect(readServer("postgres://db:80/x")?.port).toBe(80);
    expect(readServer("postgresql+asyncpg://db/x")).toMatchObject({ scheme: "postgres", host: "db" });
  });
});

describe("secrets in files that git keeps", () => {
  const committed = new Set([".env", ".env.example", ".env.staging"]);
  const kept = (text: string, path = ".env") => idsOf(lintText({ [path]: text }, { committed }));

  test("what a name, a URL or a shape says", () => {
    const text = `SESSION_SECRET=hunter2-hunter2\nDATABASE_URL=postgres://u:hunter2@db.acme.test/a\nANYTHING=${github}\n`;
    expect(kept(text)).toEqual([
      "ENV_SECRET_COMMITTED:.env:ANYTHING",
      "ENV_SECRET_COMMITTED:.env:DATABASE_URL",
      "ENV_SECRET_COMMITTED:.env:SESSION_SECRET",
    ]);
  });

  test("a template only for the shape of a real one", () => {
    expect(kept(`A_SECRET=hunter2-hunter2\nB=${github}\n`, ".env.example")).toEqual([
      "ENV_SECRET_COMMITTED:.env.example:B",
    ]);
  });

  test("not in a file that git does not keep, nor where that cannot be told", () => {
    const text = "SESSION_SECRET=hunter2-hunter2\n";
    expect(idsOf(lintText({ ".env.local": text }, { committed }))).toEqual([]);
    expect(idsOf(lintText({ ".env": text }))).toEqual([]);
  });

  test.each([
    ["DB_PASSWORD", "postgres"],
    ["DB_PASSWORD", "test-only-password"],
    ["API_TOKEN", "op://vault/item/field"],
    ["API_TOKEN", "projects/acme/secrets/token/versions/1"],
    ["API_KEY_FILE", "/run/secrets/api_key"],
    ["API_KEY", "/run/secrets/api_key"],
    ["TOKEN_TTL", "86400000000"],
    ["MAX_TOKEN", "4096"],
    ["JWT_PUBLIC_KEY", "hunter2-hunter2"],
    ["REQUIRE_TOKEN", "true"],
    ["PWD", "/home/app/project"],
    ["DATABASE_URL", "postgres://u:hunter2@localhost/a"],
    ["DATABASE_URL", "postgres://u@db.acme.test/a"],
    ["COMPASS", "north-by-north"],
    ["STRIPE_PUBLISHABLE_KEY", "pk_test_k3k3k3k3k3"],
  ])("%s=%s is none", (key, value) => expect(secretIn(key, value)).toBeUndefined());
});

describe("values of production elsewhere", () => {
  test.each([
    "API_URL=https://api.prod.acme.test\n",
    "DB_HOST=prod-db.acme.test\n",
    "GCP_PROJECT=acme-prod-1\n",
    "DATABASE_URL=postgres://u@db.acme.test/app_production\n",
    "APP_ENV=production\n",
    `STRIPE_KEY=${stripe}\n`,
  ])("%j in a file of staging", (text) => {
    expect(of(text)).toEqual([`ENV_PRODUCTION_VALUE:.env.staging:${text.split("=", 1)[0]}`]);
  });

  test.each([
    "API_URL=https://api.nonprod.acme.test\n",
    "DB_HOST=non-prod.acme.test\n",
    "DB_HOST=staging-prod-mirror.acme.test\n",
    "API_URL=https://products.acme.test\n",
    "NODE_ENV=production\n",
    "RAILS_ENV=production\n",
    "LOGIN_URL=https://login.live.com\n",
    "APP_ENV=staging\n",
  ])("%j is not production's", (text) => expect(of(text)).toEqual([]));

  test("in a file of production, of none, and in a template it is where it belongs", () => {
    const text = "DB_HOST=db.prod.acme.test\n";
    for (const path of [".env.production", ".env", ".env.staging.example"])
      expect(of(text, path)).toEqual([]);
    const declared = lintText({ ".env": text }, { environment: "staging" });
    expect(idsOf(declared)).toEqual(["ENV_PRODUCTION_VALUE:.env:DB_HOST"]);
  });
});

describe("keys", () => {
  test("that no shell can export, that differ in capitals alone, with characters nobody sees", () => {
    const text = "my-key=1\nToken_Ttl=1\nTOKEN_TTL=2\nNAME=\u201Cx\u201D\nOTHER=a\u00A0b\n";
    expect(of(text)).toEqual([
      "ENV_INVISIBLE_CHARACTER:.env.staging:NAME",
      "ENV_INVISIBLE_CHARACTER:.env.staging:OTHER",
      "ENV_KEY_CASE:.env.staging:TOKEN_TTL",
      "ENV_KEY_NOT_PORTABLE:.env.staging:my-key",
    ]);
  });

  test("small letters by themselves are none", () => expect(of("http_proxy=x\n")).toEqual([]));
});
