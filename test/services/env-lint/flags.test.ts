import { describe, expect, test } from "vitest";
import { idsOf, lintText } from "./lint-text.ts";

const of = (text: string, path = ".env.staging") => idsOf(lintText({ [path]: text }));

describe("protections that are switched off", () => {
  test("a bypass that says no end is an error", () => {
    const [finding] = lintText({ ".env.staging": "BYPASS_AUTH=true\n" });
    expect(finding).toMatchObject({
      id: "ENV_BYPASS_UNLIMITED:.env.staging:BYPASS_AUTH",
      severity: "error",
      owner: "security",
    });
  });

  test("one whose end is ahead is a warning; in a file of production an error", () => {
    const text = "BYPASS_AUTH=1\nBYPASS_AUTH_EXPIRY=2026-12-01\n";
    expect(lintText({ ".env.staging": text })[0]).toMatchObject({
      code: "ENV_PERMISSIVE",
      severity: "warning",
    });
    expect(lintText({ ".env.production": text })[0]).toMatchObject({
      code: "ENV_PERMISSIVE",
      severity: "error",
    });
  });

  test.each(["BYPASS_AUTH_EXPIRY", "BYPASS_AUTH_EXPIRES", "BYPASS_AUTH_UNTIL", "BYPASS_AUTH_EXPIRES_AT"])(
    "one whose %s has passed has expired, and is told once",
    (key) => {
      expect(of(`BYPASS_AUTH=on\n${key}=2026-03-31\n`)).toEqual([
        "ENV_BYPASS_EXPIRED:.env.staging:BYPASS_AUTH",
      ]);
    },
  );

  test("the end may stand in another layer", () => {
    const ids = idsOf(
      lintText({ ".env": "BYPASS_AUTH_EXPIRY=2026-03-31\n", ".env.staging": "BYPASS_AUTH=on\n" }),
    );
    expect(ids).toEqual(["ENV_BYPASS_EXPIRED:.env.staging:BYPASS_AUTH"]);
  });

  test("the end may stand in its comment, or in the line above", () => {
    expect(of("SKIP_DB_CHECKS=true # expires 2026-03-31\n")).toEqual([
      "ENV_BYPASS_EXPIRED:.env.staging:SKIP_DB_CHECKS",
    ]);
    expect(of("# remove by 2026-12-31\nSKIP_DB_CHECKS=true\n")).toEqual([
      "ENV_PERMISSIVE:.env.staging:SKIP_DB_CHECKS",
    ]);
  });

  test("the last day counts to its end", () => {
    expect(of("BYPASS_AUTH=1\nBYPASS_AUTH_UNTIL=2026-11-22\n")).toEqual([
      "ENV_PERMISSIVE:.env.staging:BYPASS_AUTH",
    ]);
    expect(of("BYPASS_AUTH=1\nBYPASS_AUTH_UNTIL=2026-11-21\n")).toEqual([
      "ENV_BYPASS_EXPIRED:.env.staging:BYPASS_AUTH",
    ]);
  });

  test("an end that cannot be read is told of the end, as an error", () => {
    const findings = lintText({ ".env.staging": "BYPASS_AUTH=1\nBYPASS_AUTH_EXPIRY=31/12/2026\n" });
    expect(findings).toMatchObject([
      { id: "ENV_EXPIRY_UNREADABLE:.env.staging:BYPASS_AUTH_EXPIRY", severity: "error" },
    ]);
  });

  test("what is off, overridden, no yes, or about comfort is not told", () => {
    expect(of("BYPASS_AUTH=false\nBYPASS_AUTH_EXPIRY=2026-03-31\n")).toEqual([]);
    expect(idsOf(lintText({ ".env": "BYPASS_AUTH=1\n", ".env.staging": "BYPASS_AUTH=0\n" }))).toEqual([]);
    expect(
      of("BYPASS_PATHS=/health\nSKIP_INSTALL=1\nDISABLE_TELEMETRY=1\nSKIP_PREFLIGHT_CHECK=true\n"),
    ).toEqual([]);
    expect(of("DISABLE_ANALYTICS=true\nSKIP_BUILD=1\nSKIP_CACHE=1\nUSE_MOCKINGBIRD=1\n")).toEqual([]);
  });

  test("protections that are disabled and mocks are warnings; mocks are at home in tests", () => {
    const text = "DISABLE_RATE_LIMIT=1\nALLOW_MOCK_AUTH=true\n";
    expect(of(text)).toEqual([
      "ENV_PERMISSIVE:.env.staging:ALLOW_MOCK_AUTH",
      "ENV_PERMISSIVE:.env.staging:DISABLE_RATE_LIMIT",
    ]);
    expect(of(text, ".env.test")).toEqual(["ENV_PERMISSIVE:.env.test:DISABLE_RATE_LIMIT"]);
  });
});

describe("dates that end something", () => {
  test("one that has passed is an error", () => {
    expect(of("API_TOKEN_EXPIRES=2025-01-01\nCERT_VALID_UNTIL=1735689600\n")).toEqual([
      "ENV_EXPIRED:.env.staging:API_TOKEN_EXPIRES",
      "ENV_EXPIRED:.env.staging:CERT_VALID_UNTIL",
    ]);
  });

  test("one that cannot be read is a warning", () => {
    const findings = lintText({ ".env": "A_EXPIRY=12/31/2026\nB_UNTIL=2026-02-30\nC_EXPIRES=soon\n" });
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
      Array.from({ length: 3 }, () => "ENV_EXPIRY_UNREADABLE warning"),
    );
  });

  test("durations, never, and days ahead are not told", () => {
    expect(
      of(
        "JWT_EXPIRES=15m\nTOKEN_EXPIRY=3600\nS_EXPIRES=never\nL_UNTIL=\nK_EXPIRY=2027-01-01T00:00Z\nT_EXPIRES=P30D\n",
      ),
    ).toEqual([]);
  });
});

const url = (host: string) => `DATABASE_URL=postgres://app@${host}/app?sslmode=disable\n`;

describe("connections", () => {
  test.each([
    "NODE_TLS_REJECT_UNAUTHORIZED=0",
    "PYTHONHTTPSVERIFY=0",
    "REDIS_TLS_REJECT_UNAUTHORIZED=false",
    "API_VERIFY_SSL=no",
    "GIT_SSL_NO_VERIFY=1",
    "GRPC_INSECURE_SKIP_VERIFY=true",
  ])("%s accepts every certificate", (line) =>
    expect(of(`${line}\n`)).toEqual([`ENV_TLS_UNVERIFIED:.env.staging:${line.split("=", 1)[0]}`]),
  );

  test("a variable of the process does too", () => {
    const findings = lintText({}, { variables: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
    expect(findings).toMatchObject([
      { id: "ENV_TLS_UNVERIFIED:variable:NODE_TLS_REJECT_UNAUTHORIZED", place: { kind: "variable" } },
    ]);
  });

  test("sslmode=disable to another machine is told, to this one or to a container not", () => {
    expect(of(url("db.acme.test"))).toEqual(["ENV_TLS_OFF:.env.staging:DATABASE_URL"]);
    for (const host of ["localhost", "127.0.0.1", "[::1]", "db"]) expect(of(url(host))).toEqual([]);
    expect(of("PGSSLMODE=disable\nPGHOST=db.acme.test\n")).toEqual(["ENV_TLS_OFF:.env.staging:PGSSLMODE"]);
    expect(of("DB_SSLMODE=disable\nDB_HOST=db\nPGSSLMODE=disable\n")).toEqual([]);
  });

  test("verification that is on is not told", () => {
    expect(
      of("NODE_TLS_REJECT_UNAUTHORIZED=1\nAPI_VERIFY_SSL=true\nGIT_SSL_NO_VERIFY=0\nAPI_TLS_VERIFY=\n"),
    ).toEqual([]);
  });
});

describe("contradictions", () => {
  test("a higher layer that switches a protection off", () => {
    const texts = { ".env": "REQUIRE_AUTH=true\n", ".env.staging": "REQUIRE_AUTH=false\n" };
    expect(idsOf(lintText(texts))).toEqual(["ENV_CONTRADICTION:.env.staging:REQUIRE_AUTH"]);
  });

  test("two flags that say opposite things", () => {
    expect(of("ENABLE_AUDIT=true\nDISABLE_AUDIT=true\n")).toEqual([
      "ENV_CONTRADICTION:.env.staging:DISABLE_AUDIT",
      "ENV_PERMISSIVE:.env.staging:DISABLE_AUDIT",
    ]);
  });

  test("other values, and a protection that is switched on, may differ", () => {
    const texts = {
      ".env": "PORT=1\nREQUIRE_AUTH=false\nENABLE_CHAT=true\n",
      ".env.staging": "PORT=2\nREQUIRE_AUTH=true\nENABLE_CHAT=false\n",
    };
    expect(idsOf(lintText(texts))).toEqual([]);
  });
});
