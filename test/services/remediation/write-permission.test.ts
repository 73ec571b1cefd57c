import { describe, expect, test } from "vitest";
import { permitWrite } from "../../../services/remediation/write-permission.ts";

const staging = { environment: "staging", mayWrite: true, vetoes: [] } as const;
const production = { environment: "production", mayWrite: false, vetoes: ["this is production"] } as const;
const unknown = {
  environment: "unknown",
  mayWrite: false,
  vetoes: ["which environment this is, is not known"],
} as const;

describe("permitWrite", () => {
  test("permits what is for here, by its name or by its kind", () => {
    for (const planned of ["acme-stg", "staging"])
      expect(permitWrite({ planned, configured: "acme-stg", detection: staging })).toEqual({
        kind: "permitted",
      });
  });

  test("what is for elsewhere nobody can approve", () => {
    expect(
      permitWrite({
        planned: "production",
        configured: "acme-stg",
        detection: staging,
        approved: "production",
      }),
    ).toEqual({
      kind: "elsewhere",
      because: "the plan is for production, and this is acme-stg, by what surrounds it staging",
    });
    // The file says staging, and that is not what its name was copied from.
    expect(permitWrite({ planned: "staging", configured: "unknown", detection: unknown }).kind).toBe(
      "elsewhere",
    );
  });

  test.each([
    ["production", production],
    ["unknown", unknown],
    ["staging", { environment: "staging", mayWrite: false, vetoes: ["redis.host points at production"] }],
  ] as const)("%s is written to when a person names it, letter by letter", (planned, detection) => {
    const asked = { planned, configured: "unknown", detection };
    expect(permitWrite(asked)).toEqual({
      kind: "unapproved",
      because: detection.vetoes.join("; "),
      approve: planned,
    });
    expect(permitWrite({ ...asked, approved: planned.toUpperCase() }).kind).toBe("unapproved");
    expect(permitWrite({ ...asked, approved: planned })).toEqual({ kind: "permitted" });
  });
});
