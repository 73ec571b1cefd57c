import { join } from "node:path";
import { expect, test } from "vitest";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";
import { secretsOf } from "../../src/secrets.ts";

const FILE = "/repo/greenlight.yaml";

const load = (text: string, env: Record<string, string> = {}) =>
  loadConfig({ env, file: { path: FILE, text } });

async function storeOf(text: string, env?: Record<string, string>) {
  const result = await load(text, env);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result.config.store;
}

test("is a file beside the configuration, or where it says, from there", async () => {
  await expect(storeOf("{}")).resolves.toEqual({ kind: "sqlite", path: "/repo/.greenlight/greenlight.db" });
  const relative = await storeOf("store: { path: state/runs.db }");
  expect(relative).toEqual({ kind: "sqlite", path: "/repo/state/runs.db" });
  const absolute = await storeOf("store: { path: /var/lib/runs.db }");
  expect(absolute).toEqual({ kind: "sqlite", path: "/var/lib/runs.db" });
});

test("is in the user's state folder without a configuration file, whatever is no absolute path", async () => {
  for (const [env, folder] of [
    [{ XDG_STATE_HOME: "/state", HOME: "/home/ann" }, "/state"],
    [{ XDG_STATE_HOME: "relative", HOME: "/home/ann" }, "/home/ann/.local/state"],
  ] as const) {
    const result = await loadConfig({ env });
    const path = join(folder, "greenlight", "greenlight.db");
    expect(result).toMatchObject({ ok: true, config: { store: { kind: "sqlite", path } } });
  }
});

test("is a Postgres by its URL, from a variable too, with the TLS that the URL asks for", async () => {
  const env = { GREENLIGHT_STORE_URL: "postgres://ann:canary-1@db/runs?sslmode=require" };
  const result = await load("{}", env);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  expect(result.config.store).toEqual({
    kind: "postgres",
    url: "postgres://ann:canary-1@db/runs",
    tls: { mode: "no-verify" },
  });
  expect(secretsOf(result.config)).toContain("canary-1");
  await expect(storeOf('store: { url: "postgres://db/runs" }')).resolves.toMatchObject({
    tls: { mode: "off" },
  });
});

test("refuses a URL that is none of Postgres, one beside a path, and never shows it", async () => {
  for (const [text, env, path] of [
    ['store: { url: "mysql://db/runs" }', {}, "store.url"],
    ["{}", { GREENLIGHT_STORE_URL: "postgres://ann:canary-2@db/runs?sslmode=prefer" }, "store.url"],
    ["{}", { GREENLIGHT_STORE_URL: "postgres://ann:canary-2@db/runs?sslrootcert=/none.pem" }, "store.url"],
    ['store: { url: "postgres://db/runs", path: runs.db }', {}, "store.path"],
    ['store: { url: "postgres://ann:canary-2@db/runs" }', {}, "store.url"],
  ] as const) {
    const result = await load(text, env);
    expect(result).toMatchObject({ ok: false, faults: [{ path }] });
    expect(JSON.stringify(result)).not.toContain("canary-2");
  }
});

async function warned(text: string, more: Record<string, string>): Promise<boolean> {
  const result = await load(text, more);
  return result.ok && result.warnings.some(({ path }) => path === "store.path");
}

test("warns of a file that goes with its instance, where something can be changed", async () => {
  const remediator = "gcp: { remediator: remediator@acme-stg.iam.gserviceaccount.com }";
  const env = { K_SERVICE: "api", HOST: "127.0.0.1" };
  expect(await warned(remediator, env)).toBe(true);
  expect(await warned(remediator, {})).toBe(false);
  expect(await warned("{}", env)).toBe(false);
});

test("keeps holds and leases where it is named, and not where it is the default", async () => {
  for (const [text, env, kind] of [
    ["store: { path: runs.db }", {}, "sqlite"],
    ["{}", { GREENLIGHT_STORE_URL: "postgres://db/runs" }, "postgres"],
    ["{}", {}, undefined],
  ] as const) {
    const result = await load(text, env);
    expect(result.ok && result.config.standingStore?.kind).toBe(kind);
  }
});
