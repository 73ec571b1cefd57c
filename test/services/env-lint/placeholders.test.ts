import { describe, expect, test } from "vitest";
import { isPlaceholder } from "../../../services/env-lint/placeholder.ts";
import { idsOf, lintText } from "./lint-text.ts";

describe("what is a placeholder", () => {
  test.each([
    "changeme",
    "CHANGE_ME",
    "change-me-please",
    "replace_me",
    "your-api-key-here",
    "your_token",
    "your-secret-token-with-at-least-32-characters",
    "your-encryption-key-32-chars-min",
    "YOUR_DOMAIN",
    "<your-key>",
    "<token>",
    "xxx",
    "XXXXXXXX",
    "sk_test_xxxxxxxxxx",
    "TODO",
    "todo: ask the platform team",
    "FIXME",
    "tbd",
    "...",
    "???",
    "{{ api_key }}",
    "__API_KEY__",
    "insert-your-token",
    "postgres://app:changeme@db.acme.test/app",
    "https://<your-host>/",
    "https://your-domain/",
    "********",
  ])("%s is", (value) => expect(isPlaceholder(value)).toBe(true));

  test.each([
    "",
    "secret",
    "password",
    "todos",
    "yourcompany.test",
    "your-password-manager",
    "exchange-media",
    "max_xl",
    "xx",
    "https://api.acme.test/todo",
    "postgres://app:k9@db.acme.test/app",
    "<",
    "a<b>c",
    "my-service",
    "true",
    "8080",
    "changelog",
    "${API_KEY}",
  ])("%s is not", (value) => expect(isPlaceholder(value)).toBe(false));
});

describe("when a placeholder is told", () => {
  test("alone: it was never filled in", () => {
    const findings = lintText({ ".env": "API_KEY=changeme\n" });
    expect(idsOf(findings)).toEqual(["ENV_PLACEHOLDER:.env:API_KEY"]);
    expect(findings[0]).toMatchObject({ severity: "warning", place: { file: ".env", line: 1 } });
  });

  test("over a real value: it hides it", () => {
    const findings = lintText({
      ".env": "API_KEY=k3-real\n",
      ".env.staging": "A=1\nAPI_KEY=your-key-here\n",
    });
    expect(idsOf(findings)).toEqual(["ENV_PLACEHOLDER_OVERRIDE:.env.staging:API_KEY"]);
    expect(findings[0]).toMatchObject({ severity: "error", place: { file: ".env.staging", line: 2 } });
    expect(findings[0]?.evidence).toContain("real value: .env:1");
  });

  test("below a real value: it is not told", () => {
    expect(idsOf(lintText({ ".env": "API_KEY=changeme\n", ".env.staging": "API_KEY=k3-real\n" }))).toEqual(
      [],
    );
  });

  test("with a real value in the process, which wins: it is not told", () => {
    const variables = { API_KEY: "k3-real" };
    expect(idsOf(lintText({ ".env": "API_KEY=changeme\n" }, { variables }))).toEqual([]);
    expect(
      idsOf(lintText({ ".env": "API_KEY=changeme\n" }, { variables: { API_KEY: "changeme" } })),
    ).toHaveLength(1);
  });

  test("files of two environments hide nothing of each other", () => {
    const texts = { ".env.production": "API_KEY=k3-real\n", ".env.staging": "API_KEY=changeme\n" };
    expect(idsOf(lintText(texts))).toEqual(["ENV_PLACEHOLDER:.env.staging:API_KEY"]);
  });

  test("in a template: never", () => {
    expect(idsOf(lintText({ ".env.example": "API_KEY=changeme\nURL=https://example.com\n" }))).toEqual([]);
  });

  test("a server at example.com, where something connects to it and no test does", () => {
    const text = "API_URL=https://api.example.com\nMAIL_FROM=noreply@example.com\n";
    expect(idsOf(lintText({ ".env.staging": text }))).toEqual(["ENV_PLACEHOLDER:.env.staging:API_URL"]);
    expect(idsOf(lintText({ ".env.test": text }))).toEqual([]);
  });

  test("nothing over a credential or a URL hides it; over anything else it is meant", () => {
    const low = "DB_PASSWORD=k3-real\nAPI_URL=https://api.acme.test\nPROXY=p1\n";
    const ids = idsOf(lintText({ ".env": low, ".env.staging": "DB_PASSWORD=\nAPI_URL=\nPROXY=\n" }));
    expect(ids).toEqual([
      "ENV_EMPTY_OVERRIDE:.env.staging:API_URL",
      "ENV_EMPTY_OVERRIDE:.env.staging:DB_PASSWORD",
    ]);
  });
});
