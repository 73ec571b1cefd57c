import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import type * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readRunRecord } from "../../../src/views/read-run-record.ts";
import type { runRecordSchema } from "../../../src/views/run-record-schema.ts";
import type { RunRecord } from "../../../src/views/run-record.ts";
import { hostileRecord, recordOf, redRecord, unfitRecord } from "./reports/records.ts";

/** The schema takes every record that the code can make: checked by the compiler. */
const asSchema = (record: RunRecord): v.InferOutput<typeof runRecordSchema> => record;

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(await readFile("docs/run-record.schema.json", "utf8")) as object,
);
const asJson = (record: RunRecord): unknown => JSON.parse(JSON.stringify(asSchema(record)));

describe("the published schema", () => {
  test.each([
    ["good", recordOf()],
    ["red", redRecord()],
    ["of a wait", unfitRecord()],
    [
      "by a service that was lost",
      recordOf({ vantage: { kind: "here-since", url: "https://g.internal", at: 1 } }),
    ],
    [
      "killed",
      redRecord({ child: { command: [], startedAt: 0, endedAt: 1, exitCode: null, signal: "SIGKILL" } }),
    ],
  ])("takes a record that is %s, and what is read of it is the same", (_what, record) => {
    validate(asJson(record));
    expect(validate.errors ?? []).toEqual([]);
    expect(readRunRecord(JSON.stringify(record))).toEqual({ ok: true, record });
  });

  test("takes any record, and reading it gives it back", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        expect(validate(asJson(record))).toBe(true);
        expect(readRunRecord(JSON.stringify(record))).toMatchObject({ ok: true });
      }),
    );
  });

  test("refuses what is none", () => {
    const { exitCode: _exitCode, ...rest } = recordOf();
    expect(validate(rest)).toBe(false);
    expect(validate({ ...recordOf(), outcome: "fine" })).toBe(false);
  });
});

describe("reading a record", () => {
  test("of a later version with members and causes that are new here works", () => {
    const later = {
      ...redRecord(),
      weather: "fine",
      incidents: [{ ...redRecord().incidents[0], codes: ["NEW"], mood: 1 }],
    };
    expect(readRunRecord(JSON.stringify(later))).toMatchObject({ ok: true });
  });

  test.each([
    ["", "the record of a run", "nothing"],
    ["<xml/>", "the record of a run", "6 characters that are not JSON"],
    ["[1]", "the record of a run", "JSON of something else"],
    ['{"name":"greenlight"}', "the record of a run", "JSON of something else"],
    ['{"schemaVersion":2,"outcome":"passed"}', "schemaVersion 1", "schemaVersion 2"],
    ['{"schemaVersion":1,"outcome":"passed"}', "command", "nothing"],
    [
      JSON.stringify({ ...recordOf(), gate: { ...recordOf().gate, waitedMs: "long" } }),
      "gate.waitedMs: number",
      "another text",
    ],
    [JSON.stringify({ ...recordOf(), outcome: "canary-1b" }), "outcome: ", "another text"],
  ])("%s is told with what was expected and found, without repeating it", (text, expected, found) => {
    const result = readRunRecord(text);
    expect(result).toMatchObject({ ok: false, expected: expect.stringContaining(expected), found });
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readRunRecord(text).ok).toBe(false);
      }),
    );
  });
});
