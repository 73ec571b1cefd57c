// Writes a fix of many files again and again until it is killed; says so before each.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../../src/lint/journal/durable.ts";
import { writeFix } from "../../../src/lint/write-fix.ts";

const [root = "", journals = "", count = "0"] = process.argv.slice(2);
const files = Array.from({ length: Number(count) }, (_, index) => {
  const file = `f${index}.py`;
  const original = readFileSync(join(root, file));
  const bytes = Buffer.from(original.toString().replaceAll("old", "new"));
  return { file, original, bytes, before: digestOf(original), after: digestOf(bytes), diff: "" };
});
process.stdout.write("writing\n");
await writeFix({ root, journals, now: new Date(), files, signal: new AbortController().signal });
process.stdout.write("written\n");
