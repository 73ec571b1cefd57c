import { expect, test } from "vitest";
import { findingsOf } from "../../../services/context/findings.ts";
import { CONTEXT_FINDINGS } from "../../../services/findings/context-table.ts";
import { detectFrom, host, told } from "./inputs.ts";

type Given = Parameters<typeof detectFrom>[0];

const named = (name: string) => ({ source: "GREENLIGHT_ENVIRONMENT", name });

/** Each produces its code first. */
const CASES: Readonly<Record<keyof typeof CONTEXT_FINDINGS, readonly [string, Given]>> = {
  CONTEXT_UNKNOWN: ["environment", {}],
  CONTEXT_NAME_UNKNOWN: [
    "GREENLIGHT_ENVIRONMENT",
    { named: named("blue"), variables: { APP_ENV: "staging" } },
  ],
  CONTEXT_DECLARED_MISMATCH: ["postgres", { flag: "staging", declared: [told("postgres", "production")] }],
  CONTEXT_PRODUCTION_INDICATED: [
    "redis.host",
    { flag: "staging", urls: [host("redis", "r.prod.acme.internal")] },
  ],
  CONTEXT_PLATFORM_CONFLICT: ["K_SERVICE", { flag: "test", variables: { K_SERVICE: "api-staging" } }],
  CONTEXT_CONTRADICTION: ["APP_ENV", { named: named("test"), variables: { APP_ENV: "staging" } }],
  CONTEXT_DECLARATION_MISSING: [
    "postgres",
    { flag: "test", declared: [{ dependency: "postgres", kind: "missing", message: "not there" }] },
  ],
  CONTEXT_DECLARATION_UNKNOWN: ["postgres", { flag: "test", declared: [told("postgres", "blue")] }],
  CONTEXT_DECLARATION_UNREADABLE: [
    "postgres",
    {
      flag: "test",
      declared: [{ dependency: "postgres", kind: "unreadable", message: "CONNECT_REFUSED: no" }],
    },
  ],
};

test.each(Object.entries(CASES))("%s is found, with who it is about", (code, [subject, given]) => {
  const findings = findingsOf(detectFrom(given));
  expect(findings.map(({ id }) => id)).toEqual([`${code}:${subject}`]);
  const [finding] = findings;
  expect(finding?.message).toMatch(/^[^.].*\.$/);
  expect(finding?.remedies.length).toBeGreaterThan(0);
});

test("a mismatch names the server to look at, whichever side it is on", () => {
  const [finding] = findingsOf(
    detectFrom({ declared: [told("postgres", "staging")], named: named("production") }),
  );
  expect(finding).toMatchObject({
    code: "CONTEXT_DECLARED_MISMATCH",
    message:
      "The server postgres declares itself staging, and GREENLIGHT_ENVIRONMENT says production (`production`).",
    place: { kind: "variable", name: "GREENLIGHT_ENVIRONMENT" },
  });
  expect(finding?.remedies[0]).toContain("the URL of postgres");
});

test("where two hints tie, both are told beside that it is unknown", () => {
  const urls = [host("postgres", "db.staging.acme.internal"), host("redis", "cache.qa.acme.internal")];
  const findings = findingsOf(detectFrom({ urls }));
  expect(findings.map(({ id }) => id)).toEqual([
    "CONTEXT_CONTRADICTION:redis.host",
    "CONTEXT_UNKNOWN:environment",
  ]);
});

test.each(["canary text / that is no name", "canary4f1b9c02d7", "canary-2026-11"])(
  "what a server keeps in the place of a name is not repeated: %s",
  (secret) => {
    const findings = findingsOf(detectFrom({ flag: "test", declared: [told("postgres", secret)] }));
    expect(JSON.stringify(findings)).not.toContain("canary");
    expect(findings[0]?.message).toContain(`a text of ${secret.length} characters`);
  },
);
