import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { misplacedAnnotations } from "../../../src/why/misplaced.ts";

const folder = await mkdtemp(join(tmpdir(), "greenlight-misplaced-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONNECTOR = "run.googleapis.com/vpc-access-connector";
const manifest = (outer: string, inner: string): string =>
  `kind: Service\nmetadata:\n  annotations: {${outer}}\nspec:\n  template:\n    metadata:\n      annotations: {${inner}}\n`;

async function found(text: string) {
  await writeFile(join(folder, "cloudrun.yaml"), text);
  return misplacedAnnotations(folder);
}

test("an annotation for the VPC on the service, and not on its revision, is told", async () => {
  await expect(found(manifest(`${CONNECTOR}: c`, ""))).resolves.toEqual([
    { file: "cloudrun.yaml", annotation: CONNECTOR, value: "c" },
  ]);
});

test.each([
  { what: "on the revision", text: manifest("", `${CONNECTOR}: c`) },
  { what: "on both", text: manifest(`${CONNECTOR}: c`, `${CONNECTOR}: c`) },
  { what: "no manifest", text: "- a\n- b\n" },
  { what: "no YAML", text: "a: [" },
  {
    what: "aliases without end",
    text: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]\n",
  },
])("$what: nothing is told", async ({ text }) => {
  await expect(found(text)).resolves.toEqual([]);
});

test("without the file nothing is told", async () => {
  await expect(misplacedAnnotations(join(folder, "nowhere"))).resolves.toEqual([]);
});
