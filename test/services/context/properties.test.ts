import * as fc from "fast-check";
import { expect, test } from "vitest";
import { detect } from "../../../services/context/detect.ts";
import { findingsOf } from "../../../services/context/findings.ts";
import { DEFAULT_RULES } from "../../../services/context/kinds.ts";
import { anyInputs, environment, host } from "./inputs.ts";

const runs = { numRuns: 500 };

test("whatever is said, the flag decides; without anything but files it is unknown", () => {
  fc.assert(
    fc.property(anyInputs, environment, (inputs, flag) => {
      expect(detect({ ...inputs, flag }, DEFAULT_RULES)).toMatchObject({
        environment: flag,
        decidedBy: "--env",
      });
      const { declared: _1, named: _2, variables: _3, urls: _4, namespace: _5, flag: _6, ...files } = inputs;
      const silent = { ...files, declared: [], variables: {}, urls: [] };
      expect(detect(silent, DEFAULT_RULES).environment).toBe("unknown");
    }),
    runs,
  );
});

test("nothing may be written while it is unknown or production, or anything that is not overruled points there", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const { environment: found, evidence, mayWrite, vetoes } = detect(inputs, DEFAULT_RULES);
      const pointing = evidence.some(({ production, mode }) => production && mode !== true);
      if (found === "unknown" || found === "production" || pointing) expect(mayWrite).toBe(false);
      expect(mayWrite).toBe(vetoes.length === 0);
    }),
    runs,
  );
});

test("a server that declares itself production is never written to, whatever the flag says", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const declared = [
        ...inputs.declared,
        { dependency: "auth", kind: "told" as const, text: "production" },
      ];
      const detection = detect({ ...inputs, declared }, DEFAULT_RULES);
      expect(detection.mayWrite).toBe(false);
      if (detection.environment !== "production")
        expect(detection.contradictions).toContainEqual(
          expect.objectContaining({ code: "CONTEXT_DECLARED_MISMATCH" }),
        );
    }),
    runs,
  );
});

test("who decided says what was decided, and each that says otherwise without contradicting can be right too", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const {
        environment: found,
        evidence,
        indicators,
        confidence,
        decidedBy,
        contradictions,
      } = detect(inputs, DEFAULT_RULES);
      const deciding = evidence.filter(({ standing }) => standing === "decides");
      expect(deciding.map(({ says }) => says)).toEqual(found === "unknown" ? [] : [found]);
      expect(deciding[0]?.source ?? null).toBe(decidedBy);
      expect(indicators.agree).toBeLessThanOrEqual(indicators.total);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      if (contradictions.length > 0) expect(indicators.agree).toBeLessThan(indicators.total);
    }),
    runs,
  );
});

test("one more address that agrees lowers no confidence, and the order of addresses does not matter", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const { environment: found, confidence } = detect(inputs, DEFAULT_RULES);
      const reversed = detect({ ...inputs, urls: inputs.urls.toReversed() }, DEFAULT_RULES);
      expect([reversed.environment, reversed.confidence]).toEqual([found, confidence]);
      if (found === "unknown") return;
      const more = { ...inputs, urls: [...inputs.urls, host("tcp", `x.${found}.acme.internal`)] };
      expect(detect(more, DEFAULT_RULES).confidence).toBeGreaterThanOrEqual(confidence);
    }),
    runs,
  );
});

test("no value of a variable is repeated, neither in the evidence nor in a finding", () => {
  const canary = "canary-7f3a";
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const variables = Object.fromEntries(
        Object.entries(inputs.variables).map(([name, value]) => [name, `${value ?? ""}-${canary}`]),
      );
      const detection = detect({ ...inputs, variables, namespace: `staging-${canary}` }, DEFAULT_RULES);
      expect(JSON.stringify([detection, findingsOf(detection)])).not.toContain(canary);
    }),
    runs,
  );
});

test("every contradiction is a finding that names both sides, with an id that is the same each time", () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const detection = detect(inputs, DEFAULT_RULES);
      const findings = findingsOf(detection);
      expect(findingsOf(detect(inputs, DEFAULT_RULES))).toEqual(findings);
      expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
      for (const { code, other } of detection.contradictions)
        expect(findings.map(({ id }) => id)).toContain(`${code}:${other.source}`);
      expect(findings.some(({ code }) => code === "CONTEXT_UNKNOWN")).toBe(
        detection.environment === "unknown",
      );
      for (const { remedies } of findings) expect(remedies.join("")).not.toMatch(/[{]\w+[}]/);
    }),
    runs,
  );
});
