import { expect, test } from "vitest";
import { comparable, type Outcome, outcomeOf, readRecording } from "./outcome.ts";

// Compose 2 reads an empty key, of which Docker's engine makes "invalid environment variable", and no container.
const asStarted = (outcome: Outcome): Outcome =>
  "values" in outcome && outcome.values.some(([key]) => key === "")
    ? { refused: "invalid environment variable" }
    : outcome;

test("what compose-go made of each recorded text is what is read here", () => {
  const { program, rows } = readRecording("compose");
  expect(program).toMatch(/^compose-go \d/);
  expect(rows.length).toBeGreaterThan(300);
  for (const { text, outcome } of rows)
    expect(comparable(outcomeOf("compose", text)), JSON.stringify(text)).toEqual(
      comparable(asStarted(outcome)),
    );
});
