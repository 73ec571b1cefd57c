import { expect, test } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Reason } from "../../../services/gate/verdict.ts";
import { namesOf } from "../../../src/gate/gate-summary.ts";

const blocking = { level: "required", effect: "blocks", curable: false } as const;
const aboutFinding = (subject: string): Reason => {
  const finding = createFinding({ code: "ENV_EXPIRED", subject, message: `${subject} has passed` });
  return { ...blocking, code: "FINDING", message: finding.message, finding };
};

test("a few findings are all named, beside what does not pass", () => {
  const postgres: Reason = { ...blocking, code: "NOT_OBSERVED", dependency: "postgres", message: "" };
  expect(namesOf([aboutFinding("A"), postgres, aboutFinding("B")])).toBe(
    "postgres (NOT_OBSERVED), ENV_EXPIRED:A, ENV_EXPIRED:B",
  );
});

test("of many findings the first are named, and the others counted", () => {
  const reasons = ["A", "B", "C", "D", "E"].map(aboutFinding);
  expect(namesOf(reasons)).toBe("ENV_EXPIRED:A, ENV_EXPIRED:B, ENV_EXPIRED:C, 2 more findings");
  expect(namesOf(reasons.slice(0, 4))).toBe("ENV_EXPIRED:A, ENV_EXPIRED:B, ENV_EXPIRED:C, 1 more finding");
});
