import { describe, expect, test } from "vitest";
import { startActing } from "../../../support/gcp-actions.ts";
import { CASES, titleOf } from "./gcp-cases.ts";

/** However many requests a change takes; a loop that ends early would test nothing. */
const MOST = 20;

describe.each(CASES.map((each) => [titleOf(each), each] as const))(
  "%s",
  (_title, { kind, params, arrange }) => {
    test("is done and taken back, and leaves the world as it was", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const before = acting.gcp.snapshot();
      const step = await acting.begin(kind, params);
      expect(await step.locate()).toBe("before");
      expect((await step.apply()).kind).not.toBe("failed");
      expect(await step.settled()).toMatchObject({ kind: "done" });
      expect(await step.locate()).toBe("after");
      expect(acting.gcp.snapshot()).not.toEqual(before);
      expect(await acting.assess(kind, params)).toMatchObject({ kind: "satisfied" });
      expect(await step.rolledBack()).toMatchObject({ kind: "done" });
      expect(await step.locate()).toBe("before");
      expect(acting.gcp.snapshot()).toEqual(before);
    });

    test("says the same change twice, so that a plan does not look stale", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const first = await acting.begin(kind, params);
      const second = await acting.begin(kind, params);
      expect(second.assessment.change).toEqual(first.assessment.change);
    });

    test("does nothing more when each method is called again", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const before = acting.gcp.snapshot();
      const step = await acting.begin(kind, params);
      await step.apply();
      await step.settled();
      const after = acting.gcp.snapshot();
      acting.gcp.forget();
      expect((await step.anew().apply()).kind).not.toBe("failed");
      expect(await step.settled()).toMatchObject({ kind: "done" });
      expect(writesOf(acting.gcp.requests())).toEqual([]);
      expect(acting.gcp.snapshot()).toEqual(after);
      await step.rolledBack();
      acting.gcp.forget();
      expect(await step.anew().rollback()).toMatchObject({ kind: "done" });
      expect(writesOf(acting.gcp.requests())).toEqual([]);
      expect(acting.gcp.snapshot()).toEqual(before);
    });

    test("taken back before anything was done, it does nothing", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const step = await acting.begin(kind, params);
      acting.gcp.forget();
      expect(await step.rollback()).toMatchObject({ kind: "done" });
      expect(writesOf(acting.gcp.requests())).toEqual([]);
    });

    test("applied to the end after any of its answers was lost, whether the request was done or not", async () => {
      for (const after of [true, false]) {
        for (let nth = 1; ; nth++) {
          expect(nth).toBeLessThan(MOST);
          await using acting = await startActing();
          acting.gcp.edit(arrange);
          const before = acting.gcp.snapshot();
          const step = await acting.begin(kind, params);
          acting.gcp.forget();
          acting.gcp.inject({ nth, fault: { kind: "cut", after } });
          await step.apply();
          const asked = acting.gcp.requests().length;
          acting.gcp.clearFaults();
          // What the engine does when it takes a run up.
          const anew = step.anew();
          if ((await anew.locate()) !== "after") await anew.apply();
          const outcome = await anew.settled();
          expect(outcome, `request ${nth}, done: ${after}`).toMatchObject({ kind: "done" });
          expect(await anew.rolledBack()).toMatchObject({ kind: "done" });
          expect(acting.gcp.snapshot()).toEqual(before);
          if (nth > asked) break;
        }
      }
    });

    test("refused with 403 at any point, it is taken back, and the world is as before", async () => {
      for (let nth = 1; ; nth++) {
        expect(nth).toBeLessThan(MOST);
        await using acting = await startActing();
        acting.gcp.edit(arrange);
        const before = acting.gcp.snapshot();
        const step = await acting.begin(kind, params);
        acting.gcp.forget();
        const body = {
          error: { code: 403, status: "PERMISSION_DENIED", message: "Permission 'x.y.z' denied" },
        };
        acting.gcp.inject({ nth, times: 99, fault: { kind: "answer", status: 403, body } });
        const outcome = await step.apply();
        const hit = acting.gcp.requests().length >= nth;
        if (hit && outcome.kind === "failed") expect(outcome.because).toContain("x.y.z");
        acting.gcp.clearFaults();
        expect(await step.rolledBack()).toMatchObject({ kind: "done" });
        expect(acting.gcp.snapshot()).toEqual(before);
        if (!hit) break;
      }
    });

    test("rolled back to the end after any of its answers was lost", async () => {
      for (const after of [true, false]) {
        for (let nth = 1; ; nth++) {
          expect(nth).toBeLessThan(MOST);
          await using acting = await startActing();
          acting.gcp.edit(arrange);
          const before = acting.gcp.snapshot();
          const step = await acting.begin(kind, params);
          await step.apply();
          await step.settled();
          acting.gcp.forget();
          acting.gcp.inject({ nth, fault: { kind: "cut", after } });
          await step.anew().rollback();
          const asked = acting.gcp.requests().length;
          acting.gcp.clearFaults();
          expect(await step.anew().rolledBack(), `request ${nth}, done: ${after}`).toMatchObject({
            kind: "done",
          });
          expect(acting.gcp.snapshot()).toEqual(before);
          if (nth > asked) break;
        }
      }
    });

    test("without anybody to ask or to write, it says what to configure", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const step = await acting.begin(kind, params);
      const { clock } = acting.can;
      const { action, prior } = step;
      const { signal } = acting;
      expect(await action.assess(step.params, { clock }, signal)).toMatchObject({ kind: "unknown" });
      for (const what of ["apply", "rollback"] as const)
        expect(await action[what](step.params, prior, { clock }, signal)).toMatchObject({
          kind: "failed",
          because: expect.stringContaining("gcp.remediator") as unknown,
        });
      await expect(action.locate(step.params, prior, { clock }, signal)).rejects.toThrow("gcp");
    });

    test("where Google does not answer, its position is not guessed", async () => {
      await using acting = await startActing();
      acting.gcp.edit(arrange);
      const step = await acting.begin(kind, params);
      acting.gcp.inject({ times: 99, fault: { kind: "answer", status: 403, body: {} } });
      await expect(step.locate()).rejects.toMatchObject({ code: "POSITION_UNKNOWN" });
      expect(await acting.assess(kind, params)).toMatchObject({ kind: "unknown" });
    });
  },
);

type Asked = { readonly method: string; readonly path: string };

const writesOf = (requests: readonly Asked[]): readonly Asked[] =>
  requests.filter(
    ({ method, path }) => method !== "GET" && !/:(?:getIamPolicy|testIamPermissions)$/.test(path),
  );
