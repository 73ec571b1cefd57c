import { describe, expect, test } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import { createRedact } from "../../../services/redact.ts";
import { createVerify } from "../../../services/remediation/verify.ts";
import { createLintCapability } from "../../../src/remediation/lint-capability.ts";
import { makeTree } from "../../src/lint/tree.ts";

const { signal } = new AbortController();

function verifier(text: string) {
  const base = makeTree({ "pytest.ini": "[pytest]\n", "tests/test_a.py": text });
  const lint = createLintCapability({
    base,
    env: { XDG_STATE_HOME: makeTree({}) },
    clock: systemClock,
  });
  return createVerify({ lint, redact: createRedact([]) });
}

const call = (what: "markers" | "awaits", more: object = {}) =>
  ({ kind: "lint", what, folder: "tests", ...more }) as const;

describe("lint as a check", () => {
  const unregistered = "import pytest\n\n\n@pytest.mark.slow\ndef test_it():\n    pass\n";

  test("it holds where nothing is found, in its own area", async () => {
    expect(await verifier(unregistered)(call("awaits"), signal)).toEqual({
      kind: "held",
      evidence: "the lint of awaits in tests finds nothing",
    });
  });

  test("a finding breaks it, and is pending where the call gives time", async () => {
    const verify = verifier(unregistered);
    expect(await verify(call("markers"), signal)).toEqual({
      kind: "broken",
      evidence: "the lint of markers in tests: expected nothing, found 1",
    });
    expect(await verify(call("markers", { withinMs: 5000 }), signal)).toMatchObject({ kind: "pending" });
  });

  test("a file that cannot be read as Python is not taken for one without faults", async () => {
    expect(await verifier("def test_it(:\n")(call("awaits"), signal)).toMatchObject({ kind: "broken" });
  });

  test("a folder that is not there is unknown, and an abort is the only thing that rejects", async () => {
    const verify = verifier("");
    expect(await verify(call("markers", { folder: "nowhere" }), signal)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining('expected a folder at "nowhere"') as string,
    });
    await expect(verify(call("markers"), AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});

test("what throws in a check is unknown, with its words redacted", async () => {
  const probe = { observe: () => Promise.reject(new TypeError("password=hunter2 was wrong")) };
  const verify = createVerify({ probe, redact: createRedact([]) });
  expect(await verify({ kind: "probe", dependency: "postgres" }, signal)).toEqual({
    kind: "unknown",
    because: "the check itself failed: TypeError: password=[redacted] was wrong",
  });
});
