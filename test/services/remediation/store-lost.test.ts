import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createPostgresJournal } from "../../../src/store/postgres-journal.ts";
import { useDependency } from "../../support/environment.ts";
import { asking, engineOver, takingOver } from "../../support/remediation/engine.ts";
import { plan, step } from "../../support/remediation/plan.ts";
import { worldIn, writeAction } from "../../support/remediation/world.ts";

const postgres = await useDependency("postgres");
const folder = mkdtempSync(join(tmpdir(), "greenlight-lost-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string) => step(name, { kind: "write", params: { name, text: "new" } });

it.each(["blackhole", "refuse", "stop"])(
  "a run whose Postgres is lost in the middle (%s) stops before its next change; it is taken back later",
  async (fault) => {
    const { host, port } = postgres.proxy;
    const url = postgres.server.adminUrl({ host, port });
    const store = createPostgresJournal({ url, tls: { mode: "off" }, statementMs: 300 });
    const done: string[] = [];
    const actions = [
      writeAction(folder, async (operation) => {
        done.push(operation);
        if (operation !== "unmark b" || done.filter((name) => name === operation).length > 1) return;
        await (fault === "stop" ? postgres.server.stop() : postgres.setMode(fault));
      }),
    ];
    const engine = engineOver({ store, actions, limits: { leaseMs: 2000 } });
    const environment = `lost-${fault}`;
    const runId = `run-${fault}`;
    const given = asking(plan([write("a"), write("b"), write("c")], { environment }), { runId });
    const result = await engine.apply(given);
    expect(result).toMatchObject({ kind: "stopped", code: "STORE_LOST" });
    expect(done.at(-1)).toBe("unmark b");
    // What the journal does not know is not made up.
    expect(result.steps.map((each) => each.result?.kind)).toEqual(["done", undefined, undefined]);
    expect(worldIn(folder)).toEqual({ a: "new", b: "new" });
    await (fault === "stop" ? postgres.restart() : postgres.setMode("none"));
    expect(await engine.rollback(takingOver(runId))).toMatchObject({ outcome: "rolled-back" });
    expect(worldIn(folder)).toEqual({});
    await store.close();
  },
);
