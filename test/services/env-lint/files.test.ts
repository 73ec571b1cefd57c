import { expect, test } from "vitest";
import type { EnvFaultCode } from "../../../services/env-files/env-file.ts";
import { lintEnvironment } from "../../../services/env-lint/lint.ts";
import { stacksOf } from "../../../services/env-lint/stacks.ts";
import { environmentOfFile, isTemplate } from "../../../services/env-lint/file-name.ts";
import { ENV_FILE_FINDINGS } from "../../../services/findings/env-file-table.ts";
import { envFile, idsOf, lintText, NOW } from "./lint-text.ts";

test.each(Object.keys(ENV_FILE_FINDINGS) as EnvFaultCode[])(
  "%s of the parser is a finding at its line",
  (code) => {
    const fault = {
      code,
      line: 3,
      column: 1,
      expected: "one thing",
      found: "another",
      effect: "line-ignored",
    } as const;
    const file = { ...envFile(".env", ""), faults: [fault, { ...fault, line: 5 }] };
    const findings = lintEnvironment({ files: [file], stacks: [[file]], now: NOW });
    expect(findings).toMatchObject([
      { id: `${code}:.env`, severity: "error", place: { file: ".env", line: 3 } },
    ]);
    expect(findings[0]?.message).toBe(".env:3: expected one thing, found another.");
    expect(findings[0]?.evidence).toContain("line 5: another");
  },
);

test("what the names of files say", () => {
  expect(environmentOfFile("config/.env.staging.local")).toBe("staging");
  expect(environmentOfFile(".env.prod")).toBe("production");
  for (const path of [".env", ".env.local", ".env.device", "staging/.env", ".env.staging-prod"])
    expect(environmentOfFile(path)).toBeUndefined();
  for (const path of [".env.example", "env.sample", ".env.staging.template", ".env.dist"])
    expect(isTemplate(path)).toBe(true);
  for (const path of [".env", ".env.staging", ".env.distant"]) expect(isTemplate(path)).toBe(false);
});

test("files of one environment lie over those of none; templates are layers of nothing", () => {
  const files = [".env", ".env.local", ".env.staging", ".env.test", ".env.example"].map((path) => ({ path }));
  const paths = stacksOf(files).map((stack) => stack.map(({ path }) => path));
  expect(paths).toEqual([
    [".env", ".env.local", ".env.staging"],
    [".env", ".env.local", ".env.test"],
  ]);
  expect(stacksOf([{ path: ".env.example" }])).toEqual([]);
});

test("a file in two stacks is told once", () => {
  const texts = { ".env": "BYPASS_AUTH=1\n", ".env.staging": "A=1\n", ".env.test": "A=1\n" };
  expect(idsOf(lintText(texts))).toEqual(["ENV_BYPASS_UNLIMITED:.env:BYPASS_AUTH"]);
});

test("a line of a private key that reads as a key is never shown", () => {
  const piece = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
  const findings = lintText({ ".env": `KEY=-----BEGIN\n${piece}=\n${piece}=1\nOTHER=1\n` });
  expect(JSON.stringify(findings)).not.toContain(piece.slice(0, 16));
});

test("a layer that its program refuses hides nothing and sets nothing", () => {
  const texts = {
    ".env": "API_KEY=k3-real\n",
    ".env.staging": "API_KEY=changeme\nBYPASS_AUTH=true\nB=${A\n",
  };
  const ids = idsOf(lintText(texts, { dialect: "compose" }));
  expect(ids).toEqual(["ENV_BAD_REFERENCE:.env.staging"]);
});
