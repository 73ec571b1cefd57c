import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReaderSearch, isSource } from "../../../services/env-lint/readers.ts";
import { idsOf, lintText } from "./lint-text.ts";

const NAME = "ENABLE_STRICT_MODE";

function isRead(path: string, text: string, name = NAME, prefixes: readonly string[] = []): boolean {
  const search = createReaderSearch({ names: [name], prefixes });
  search.scan(path, text);
  return search.read().has(name);
}

describe("what reads a flag", () => {
  test.each([
    ["a.js", `if (process.env.${NAME} === "1") {}`],
    ["a.ts", `const { ${NAME} = "0" } = process.env;`],
    ["a.tsx", `const on = import.meta.env["${NAME}"];`],
    ["a.py", `STRICT = os.environ.get("${NAME}")`],
    ["a.py", `    ${NAME}: bool = False`],
    ["settings.py", "    enable_strict_mode: bool = False"],
    ["a.ts", "  if (config.enableStrictMode) {}"],
    ["a.rb", `ENV.fetch("${NAME}")`],
    ["a.go", `os.Getenv("${NAME}")`],
    ["a.sh", `if [ "$${NAME}" = 1 ]; then`],
    ["Makefile", `ifeq ($(${NAME}),1)`],
    ["Dockerfile", `RUN test "\${${NAME}:-0}" = 1`],
    ["compose.yaml", `      STRICT: \${${NAME}}`],
    ["compose.yaml", `      - ${NAME}`],
    [".github/workflows/ci.yml", `        run: test "$${NAME}" = 1`],
  ])("%s: %s", (path, text) => expect(isRead(path, `x\n${text}\ny\n`)).toBe(true));
});

describe("what does not", () => {
  test.each([
    ["a.js", `// ${NAME} is not read any more`],
    ["a.js", ` * ${NAME}`],
    ["a.py", `  # TODO: ${NAME}`],
    ["a.js", `process.env.MY_${NAME}_2`],
    ["a.js", `process.env.${NAME} = "1";`],
    ["a.py", `os.environ["${NAME}"] = "1"`],
    ["a.sh", `export ${NAME}=1`],
    ["a.sh", `${NAME}=1 npm test`],
    ["Dockerfile", `ENV ${NAME} 1`],
    ["Dockerfile", `ARG ${NAME}`],
    ["compose.yaml", `      ${NAME}: "true"`],
    ["ci.yml", `    - ${NAME}=true`],
    ["README.md", NAME],
    [".env.staging", `${NAME}=1`],
  ])("%s: %s", (path, text) => expect(isRead(path, `x\n${text}\ny\n`)).toBe(false));

  test("one word in small letters, which is everywhere", () => {
    expect(isRead("a.py", "maintenance = 1", "MAINTENANCE")).toBe(false);
    expect(isRead("a.py", "os.environ['MAINTENANCE']", "MAINTENANCE")).toBe(true);
  });
});

test("a prefix that the sources name is taken off", () => {
  const search = createReaderSearch({ names: ["ACME_STRICT_MODE"] });
  search.scan("settings.py", 'model_config = SettingsConfigDict(env_prefix="ACME_")');
  expect(search.prefixes()).toEqual(["ACME_"]);
  expect(isRead("settings.py", "    strict_mode: bool = False", "ACME_STRICT_MODE", ["ACME_"])).toBe(true);
  expect(isRead("settings.py", "    strict_mode: bool = False", "ACME_STRICT_MODE")).toBe(false);
});

test("a name is found wherever it stands as a whole word, and nowhere else", () => {
  const around = string({
    unit: constantFrom("A", "z", "_", "1", " ", "(", ".", '"', "-", "\n"),
    maxLength: 3,
  });
  assert(
    property(around, around, (before, after) => {
      const whole = !/\w$/.test(before) && !/^\w/.test(after);
      // `x.js`, and a line that begins with `*` or `//` cannot come out of these characters.
      expect(isRead("x.js", `${before}${NAME}${after}`)).toBe(whole);
    }),
  );
});

test("what can read a variable", () => {
  for (const path of [
    "a.mjs",
    "b.pyi",
    "Dockerfile",
    "Dockerfile.dev",
    "x.dockerfile",
    "compose.yml",
    "Rakefile",
    ".envrc",
  ])
    expect(isSource(path)).toBe(true);
  for (const path of ["README.md", ".env", "a.json", "a.png", "LICENSE"]) expect(isSource(path)).toBe(false);
});

describe("flags that nothing reads", () => {
  const texts = {
    ".env": "ENABLE_CHAT=true\nPORT=1\nAPP_NAME=x\nNODE_NO_WARNINGS=1\nUSE_CACHE=0\n",
    ".env.staging": "ENABLE_CHAT=false\n",
  };

  test("are told where they are set first, once", () => {
    const findings = lintText(texts, { read: new Set(["USE_CACHE"]) });
    expect(idsOf(findings)).toEqual(["ENV_UNUSED_FLAG:.env:ENABLE_CHAT"]);
    expect(findings[0]?.evidence).toEqual(["set: .env:1", "set: .env.staging:1"]);
  });

  test("are not judged where no sources were searched", () => expect(idsOf(lintText(texts))).toEqual([]));

  test("those that Greenlight honours, tools read, or templates hold are none", () => {
    const text = "REQUIRE_POSTGRES_CONNECTION=true\nCI=true\nDOCKER_BUILDKIT=1\nPOSTGRES_X=true\n";
    expect(idsOf(lintText({ ".env": text, ".env.example": "OLD_FLAG=true\n" }, { read: new Set() }))).toEqual(
      [],
    );
  });
});
