import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cause, type CauseCode, CAUSES, causeOf } from "../../../../services/causes.ts";
import { chooseCandidate } from "../../../../services/dependencies/auth/choose.ts";
import type { Candidate } from "../../../../services/dependencies/dependency.ts";

type Eligible = Pick<Candidate, "name" | "kind" | "barred">;

const anyCause = fc
  .constantFrom(...(Object.keys(CAUSES) as CauseCode[]))
  .map((code): Cause => ({ code, rung: causeOf(code).rung ?? "query", message: `m-${code}` }));
const anyKind = fc.constantFrom("real" as const, "emulator" as const, "mock" as const);
const barred = { code: "MOCK_NOT_ALLOWED", message: "a mock may not serve: strict" } as const;

const anyField = fc
  .array(fc.record({ kind: anyKind, cause: fc.option(anyCause, { nil: undefined }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((rows) =>
    fc.boolean().map((mocksAllowed) => ({
      candidates: rows.map(({ kind }, index): Eligible => {
        const bar = kind === "mock" && !mocksAllowed ? { barred } : {};
        return Object.assign({ name: `c${index}`, kind }, bar);
      }),
      causes: rows.map(({ cause }) => cause),
    })),
  );

const warns = (cause: Cause): boolean => causeOf(cause.code).warns === true;

describe("who serves", () => {
  test("the first that is healthy and may, and nobody else; never one that is barred or fails", () => {
    fc.assert(
      fc.property(anyField, ({ candidates, causes }) => {
        const able = candidates.filter((candidate, index) => {
          const cause = causes[index];
          return candidate.barred === undefined && (cause === undefined || warns(cause));
        });
        const { serving, candidates: findings } = chooseCandidate(candidates, causes);
        expect(serving?.name).toBe(able[0]?.name);
        expect(serving?.assurance).toBe(able[0]?.kind);
        expect(findings.filter(({ serves }) => serves).map(({ name }) => name)).toEqual(
          able.slice(0, 1).map(({ name }) => name),
        );
      }),
    );
  });

  test("it is a plain pass exactly when the first serves, is no mock, and has no warning", () => {
    fc.assert(
      fc.property(anyField, ({ candidates, causes }) => {
        const { serving, cause } = chooseCandidate(candidates, causes);
        const plain = serving?.name === "c0" && serving.assurance !== "mock" && causes[0] === undefined;
        expect(cause === undefined).toBe(plain);
        if (serving === undefined) expect(cause && warns(cause)).toBe(false);
        else if (cause !== undefined) expect(warns(cause)).toBe(true);
      }),
    );
  });

  test("when nobody does, the cause is the first one's, its message names every code, and each has its own", () => {
    fc.assert(
      fc.property(anyField, ({ candidates, causes }) => {
        const { serving, cause, candidates: findings } = chooseCandidate(candidates, causes);
        fc.pre(serving === undefined);
        expect(cause?.code).toBe(findings[0]?.cause?.code);
        for (const finding of findings) {
          expect(finding.cause).toBeDefined();
          if (findings.length > 1) expect(cause?.message).toContain(`${finding.name} ${finding.cause?.code}`);
        }
      }),
    );
  });

  test("what was found of each is kept, and a healthy one that may not serve says why", () => {
    fc.assert(
      fc.property(anyField, ({ candidates, causes }) => {
        const { candidates: findings } = chooseCandidate(candidates, causes);
        expect(findings.map(({ name, kind }) => ({ name, kind }))).toEqual(
          candidates.map(({ name, kind }) => ({ name, kind })),
        );
        for (const [index, { cause }] of findings.entries()) {
          const found = causes[index];
          const healthy = found === undefined || warns(found);
          if (candidates[index]?.barred !== undefined && healthy) expect(cause).toMatchObject(barred);
          else expect(cause).toEqual(found);
        }
      }),
    );
  });
});

describe("what is said of it", () => {
  const refused: Cause = { code: "CONNECT_REFUSED", rung: "connect", message: "connect ECONNREFUSED" };
  const degraded: Cause = { code: "REPORTS_DEGRADED", rung: "query", message: "degraded" };
  const real: Eligible = { name: "staging", kind: "real" };
  const local: Eligible = { name: "local", kind: "emulator" };
  const mock: Eligible = { name: "mock", kind: "mock" };

  test.each<[string, Eligible[], (Cause | undefined)[], string | undefined, string]>([
    ["the first real one", [real, mock], [undefined, undefined], undefined, "real"],
    ["the first one, degraded", [real, mock], [degraded, undefined], "REPORTS_DEGRADED", "real"],
    ["an emulator that is first", [local, mock], [undefined, undefined], undefined, "emulator"],
    ["another than the first", [real, local], [refused, undefined], "FALLBACK_SERVES", "emulator"],
    ["a mock after the first", [real, mock], [refused, undefined], "MOCK_SERVES", "mock"],
    ["a mock that is first", [mock, real], [undefined, undefined], "MOCK_SERVES", "mock"],
  ])("%s", (_what, candidates, causes, code, assurance) => {
    const result = chooseCandidate(candidates, causes);
    expect(result.cause?.code).toBe(code);
    expect(result.serving?.assurance).toBe(assurance);
  });

  test("a warning names those before it", () => {
    const { cause } = chooseCandidate([real, local, mock], [refused, degraded, undefined]);
    expect(cause?.message).toBe("local (REPORTS_DEGRADED) serves; before it: staging CONNECT_REFUSED");
  });
});
