import { expect, test } from "vitest";
import { redactVariables } from "../../../../src/views/reports/redact-record.ts";

test("the passwords of the variables are taken out, in URLs and by name", () => {
  const redact = redactVariables({
    DATABASE_URL: "postgres://app:canary%2Dfour@db/app",
    E2E_TOKEN: "canary-eight-long",
  });
  const text = redact("canary%2Dfour, canary-four and canary-eight-long");
  expect(text).not.toContain("canary");
});

test.each(["postgres", "password", "clickhouse", "Postgres"])(
  "a password that is the word %s leaves the words of messages readable",
  (word) => {
    const redact = redactVariables({
      DATABASE_URL: `postgres://postgres:${word}@db/app`,
      POSTGRES_PASSWORD: word,
    });
    const message = `${word} says: authentication by password failed for user "postgres"`;
    expect(redact(message)).toBe(message);
    expect(redact(`postgres://postgres:${word}@db/app`)).toBe("postgres://postgres:[redacted]@db/app");
  },
);
