import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anything, array, assert, property, string } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../../services/clock.ts";
import { manual } from "../../../../services/remediation/actions/manual.ts";
import type { Verified } from "../../../../services/remediation/verifier.ts";
import { asking, engineOver, takingOver } from "../../../support/remediation/engine.ts";
import { plan, step } from "../../../support/remediation/plan.ts";
import { openPlace } from "../../../support/remediation/store.ts";

const root = mkdtempSync(join(tmpdir(), "greenlight-manual-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();
const can = { clock: systemClock };
const instructions = ["Ask the owner for the role.", "Wait for the mail."];
const check = { kind: "probe", dependency: "postgres" } as const;

let count = 0;
const openStore = () => openPlace({ path: join(root, `${count++}.db`) });

describe("manual", () => {
  test("it tells a person what to do and changes nothing, and is pending", async () => {
    const action = manual();
    expect(await action.assess({ instructions }, can, signal)).toEqual({
      kind: "needed",
      change: { symbol: "!", target: "a person", before: null, after: instructions },
      prior: null,
    });
    expect(await action.apply({ instructions }, null, can, signal)).toEqual({
      kind: "pending",
      because:
        "a person does it, and nobody has told yet that it is done: 1. Ask the owner for the role. 2. Wait for the mail.",
    });
    expect(await action.settle({ instructions }, null, can, signal)).toMatchObject({ kind: "pending" });
    expect(await action.locate({ instructions }, null, can, signal)).toBe("before");
    expect(await action.rollback({ instructions }, null, can, signal)).toMatchObject({ kind: "done" });
  });

  test("a run waits for it until its verifiers hold, and a resume goes on where it was pending", async () => {
    const store = await openStore();
    let answer: Verified = { kind: "broken", evidence: "not yet" };
    const engine = engineOver({
      store,
      actions: [manual()],
      verify: async () => answer,
      limits: { settleMs: 30 },
    });
    const asked = plan([step("ask", { kind: "manual", params: { instructions } }, { verify: [check] })]);
    const first = await engine.apply(asking(asked));
    expect(first).toMatchObject({ kind: "ended", outcome: "pending" });
    if (first.kind !== "ended") return;
    answer = { kind: "held", evidence: "it passes" };
    expect(await engine.resume(takingOver(first.runId))).toMatchObject({
      kind: "ended",
      outcome: "succeeded",
      steps: [
        { id: "ask", result: { kind: "done", evidence: expect.stringContaining("a person has done it") } },
      ],
    });
    await store.close();
  });

  test("without a verifier nobody can tell that it is done, so it stays pending", async () => {
    const store = await openStore();
    const engine = engineOver({ store, actions: [manual()], limits: { settleMs: 10 } });
    const asked = plan([step("ask", { kind: "manual", params: { instructions } })]);
    expect(await engine.apply(asking(asked))).toMatchObject({ kind: "ended", outcome: "pending" });
    await store.close();
  });
});

describe("its parameters", () => {
  test.each([[undefined], [[]], ["do it"], [["  "]], [["a\u001b[2J"]], [["x".repeat(4001)]], [[1]]])(
    "%j is refused with its place",
    (given) => {
      expect(manual().parse({ instructions: given })).toMatchObject({
        ok: false,
        faults: [{ path: "params.instructions" }],
      });
    },
  );

  test("nothing of what a person writes would be run by a shell", () => {
    assert(
      property(
        array(string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }),
        anything(),
        (given, other) => {
          expect(manual().parse(other).ok).toBe(false);
          const parsed = manual().parse({ instructions: given });
          if (!parsed.ok) return;
          for (const line of manual()
            .command(parsed.params)
            .split(/[\n\r]/))
            expect(line).toMatch(/^# /);
        },
      ),
    );
  });
});
