import { beforeAll, describe, expect, it } from "vitest";
import { FOUND, OUTSIDE, SILENT } from "./samples.ts";
import { filesOf, findingsOf, placesOf, pythonTruth, type Truth } from "./truth.ts";

const ALL = { ...FOUND, ...SILENT, ...OUTSIDE };
const truths = new Map<string, Truth>();

beforeAll(async () => {
  const names = Object.keys(ALL);
  const found = await pythonTruth(Object.values(ALL).map(filesOf));
  for (const [index, truth] of found.entries()) truths.set(names[index] ?? "", truth);
}, 60_000);

describe("Python complains, and so does the lint", () => {
  it.each(Object.entries(FOUND))("%s", async (name, sample) => {
    const truth = truths.get(name);
    expect(truth?.errors).toEqual([]);
    expect(truth?.faults).not.toEqual([]);
    expect(placesOf(await findingsOf(filesOf(sample)))).toEqual(truth?.faults);
  });
});

describe("Python is content, and the lint says nothing", () => {
  it.each(Object.entries(SILENT))("%s", async (name, sample) => {
    expect(truths.get(name)).toEqual({ faults: [], errors: [] });
    expect(placesOf(await findingsOf(filesOf(sample)))).toEqual([]);
  });
});

describe("Python refuses to compile, and the lint says where", () => {
  it.each(Object.entries(OUTSIDE))("%s", async (name, sample) => {
    expect(truths.get(name)?.faults).toHaveLength(1);
    expect(placesOf(await findingsOf(filesOf(sample)))).toEqual(truths.get(name)?.faults);
  });
});
