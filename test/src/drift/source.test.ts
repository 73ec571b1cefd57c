import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { createFingerprinter } from "../../../services/env-files/fingerprint.ts";
import { formatBaseline, makeBaseline } from "../../../services/drift/baseline.ts";
import { createIgnored } from "../../../services/drift/ignore.ts";
import { DRIFT_FINDINGS } from "../../../services/findings/drift-table.ts";
import type { Finding } from "../../../services/findings/finding.ts";
import type { DriftOptions } from "../../../src/config/drift.ts";
import { readSources } from "../../../src/drift/read-source.ts";
import { createDriftSource } from "../../../src/drift/source.ts";
import { configOf } from "../../config/load.ts";

const KEY = "5f0c7d1e9a3b42684c1d8e7f60a9b3c2";
const CANARY = "Xk9canaryQz7";
const { signal } = new AbortController();

const seen = new Set<string>();
afterAll(() => expect([...seen].toSorted()).toEqual(Object.keys(DRIFT_FINDINGS).toSorted()));

async function project() {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-drift-source-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const { config } = await configOf("drift: { sources: [{ env: a.env }] }");
  const write = (path: string, text: string): Promise<void> => writeFile(join(cwd, path), text);
  await write("a.env", `CHANGED=${CANARY}\nGONE=b\nOLD_NAME=${CANARY}c\n`);
  const reading = await readSources({ sources: config.drift.sources, env: {}, cwd, signal });
  const fingerprinter = createFingerprinter(new TextEncoder().encode(KEY));
  const baseline = makeBaseline({ reading, fingerprinter, ignored: createIgnored([]) });
  await write("greenlight.baseline.json", formatBaseline(baseline));
  async function collect(
    given: Partial<DriftOptions> = {},
    env: Readonly<Record<string, string>> = { GREENLIGHT_BASELINE_KEY: KEY },
  ): Promise<readonly Finding[]> {
    const source = createDriftSource({
      config: { ...config, drift: { ...config.drift, ...given } },
      env,
      cwd,
    });
    const findings = await source.collect(signal);
    for (const { code } of findings) seen.add(code);
    expect(JSON.stringify(findings)).not.toMatch(new RegExp(`${CANARY}|${KEY}`));
    expect(findings.every(({ message }) => message.endsWith("."))).toBe(true);
    return findings;
  }
  return { write, collect, cwd };
}

const idsOf = (findings: readonly Finding[]) => findings.map(({ id }) => id);

test("nothing is found where nothing is configured, or nothing has changed", async () => {
  const { collect } = await project();
  expect(await collect()).toEqual([]);
  expect(await collect({ sources: [] }, {})).toEqual([]);
});

test("each change is a finding with its place, the same again each time", async () => {
  const { collect, write } = await project();
  await write("a.env", `NEW=1\nCHANGED=2\nNEW_NAME=${CANARY}c\n`);
  const findings = await collect();
  expect(idsOf(findings)).toEqual([
    "DRIFT_CHANGED:env:a.env:CHANGED",
    "DRIFT_REMOVED:env:a.env:GONE",
    "DRIFT_ADDED:env:a.env:NEW",
    "DRIFT_RENAMED:env:a.env:NEW_NAME",
  ]);
  expect(findings[0]).toMatchObject({ severity: "error", place: { kind: "file", file: "a.env", line: 2 } });
  expect(findings[0]?.remedies.join()).toContain("greenlight config drift accept 'env:a.env:CHANGED'");
  await write("a.env", `\n\nNEW=1\nCHANGED=2\nNEW_NAME=${CANARY}c\n`);
  expect(idsOf(await collect())).toEqual(idsOf(findings));
});

test("whole sources", async () => {
  const { collect, write } = await project();
  await write("b.env", "A=1\n");
  const file = { shown: "b.env", path: "b.env" };
  const found = await collect({ sources: [{ id: "env:b.env", kind: "env", file, dialect: "dotenv" }] });
  expect(idsOf(found)).toEqual(["DRIFT_SOURCE_REMOVED:env:a.env", "DRIFT_SOURCE_ADDED:env:b.env"]);
});

test("what stands in the way, each in its own words", async () => {
  const { collect, write, cwd } = await project();
  await write("a.env", "A=1\0");
  expect(idsOf(await collect())).toEqual(["DRIFT_SOURCE_UNREADABLE:env:a.env"]);
  await write("a.env", "A=1\n");
  expect(idsOf(await collect({}, {}))).toEqual(["DRIFT_KEY_MISSING:drift"]);
  expect(idsOf(await collect({}, { GREENLIGHT_BASELINE_KEY: "short" }))).toEqual([
    "DRIFT_KEY_UNUSABLE:drift",
  ]);
  const other = { GREENLIGHT_BASELINE_KEY: KEY.replaceAll("5", "6") };
  expect(idsOf(await collect({}, other))).toEqual(["DRIFT_KEY_WRONG:drift"]);
  await write("greenlight.baseline.json", "{");
  expect(idsOf(await collect())).toEqual(["DRIFT_BASELINE_INVALID:greenlight.baseline.json"]);
  await rm(join(cwd, "greenlight.baseline.json"));
  expect(idsOf(await collect())).toEqual(["DRIFT_BASELINE_MISSING:greenlight.baseline.json"]);
});
