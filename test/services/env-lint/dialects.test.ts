import { expect, test } from "vitest";
import { idsOf, lintText } from "./lint-text.ts";

const DIALECT = /^ENV_DIALECT/;

test("a # without a space before it ends the value for one and not for others", () => {
  const findings = lintText({ ".env": "COLOR=red#ff0000\nPLAIN=1\n" });
  expect(idsOf(findings, DIALECT)).toEqual(["ENV_DIALECT:.env:COLOR"]);
  expect(findings[0]).toMatchObject({ severity: "warning", place: { file: ".env", line: 1 } });
  expect(findings[0]?.message).toContain("dotenv (Node) | ");
  expect(JSON.stringify(findings)).not.toContain("ff0000");
});

test("a $ that some replace", () => {
  const findings = lintText({ ".env": "HOST=a\nURL=http://${HOST}/\nPRICE='$5'\n" });
  expect(idsOf(findings, /^ENV_DIALECT:.env:(?!docker)/)).toEqual(["ENV_DIALECT:.env:URL"]);
});

test("what only docker reads otherwise is one note, until a layer is docker's", () => {
  const text = 'A="x"\nB="y"\nC=1\n';
  const notes = lintText({ ".env": text });
  expect(notes).toMatchObject([
    { id: "ENV_DIALECT:.env:docker-values", severity: "note", evidence: ["A, B"] },
  ]);
  const told = lintText({ ".env": text }, { dialect: "docker" });
  expect(idsOf(told, DIALECT)).toEqual(["ENV_DIALECT:.env:A", "ENV_DIALECT:.env:B"]);
});

test("plain values are read by all alike", () => {
  expect(lintText({ ".env": "A=1\nB=some-text\n# comment\n\nURL=https://api.acme.test/x?y=1\n" })).toEqual(
    [],
  );
});

test("a dialect that refuses the file is one finding, not one for each key", () => {
  const findings = lintText({ ".env": "A=1\nB=${A\nC=2\n" });
  expect(idsOf(findings, DIALECT)).toEqual(["ENV_DIALECT:.env:compose"]);
  expect(findings[0]?.message).toBe("Compose env_file refuses .env, which dotenv (Node) reads.");
});

test("templates are not compared", () => {
  expect(lintText({ ".env.example": "COLOR=red#ff0000\n" })).toEqual([]);
});
