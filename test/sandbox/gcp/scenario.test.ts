import { existsSync } from "node:fs";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { docOf, put } from "../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import type { Reach } from "../../../src/sandbox/gcp/reach.ts";
import { startScenario } from "../../../src/sandbox/gcp/scenario.ts";
import { eventually } from "../../support/wait.ts";
import { asker, ended } from "./ask.ts";

const durations = { service: 50, sql: 50 };
const scenario = await startScenario("vpc-missing", { durations });
afterAll(() => scenario.close());
const { gcp, postgres } = scenario;
const ask = asker(gcp);

async function answers(): Promise<boolean> {
  const client = new Client({ connectionString: postgres.url(), connectionTimeoutMillis: 300 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    void client.end().catch(() => undefined);
  }
}

test("the proxy does what the fake's state says, after each operation, and tells of each change", async () => {
  const seen: Reach[] = [];
  scenario.onReach((found) => seen.push(found));
  expect([postgres.mode, await answers()]).toEqual(["blackhole", false]);

  const path = `/run/v2/${acme.service}?updateMask=template.vpcAccess`;
  const attached = await ask("PATCH", path, { template: { vpcAccess: { connector: acme.connector } } });
  expect(postgres.mode).toBe("blackhole");
  await ended(gcp, "run", attached);
  await scenario.settled();
  expect([postgres.mode, await answers()]).toEqual(["none", true]);

  const stopped = { settings: { activationPolicy: "NEVER" } };
  await ended(gcp, "sqladmin", await ask("PATCH", `/sqladmin/v1/${acme.sql}`, stopped));
  await scenario.settled();
  expect([postgres.mode, await answers()]).toEqual(["refuse", false]);
  expect(seen.map(({ kind }) => kind)).toEqual(["reached", "unreached"]);

  gcp.edit(({ sql }) => put(docOf(sql.get(acme.sql)), "settings.activationPolicy", "ALWAYS"));
  await scenario.settled();
  expect(await answers()).toBe(true);
});

test("closed while an operation is under way, it leaves nothing behind and nothing fails later", async () => {
  const other = await startScenario("instance-stopped", { durations: { sql: 1500 } });
  const { folder } = other;
  const starting = { settings: { activationPolicy: "ALWAYS" } };
  await asker(other.gcp)("PATCH", `/sqladmin/v1/${acme.sql}`, starting);
  await other.close();
  expect(existsSync(folder)).toBe(false);
  expect(other.gcp.pending()).toBe(1);
  // A rejection that nobody handles would fail this file.
  await eventually(() => other.gcp.pending() === 0);
});
