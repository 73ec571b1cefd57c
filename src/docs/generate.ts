// `npm run docs`: writes every document that is made from the code.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedDocuments } from "./documents.ts";

const root = new URL("../../", import.meta.url);
for (const { path, text } of await generatedDocuments()) {
  const file = fileURLToPath(new URL(path, root));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`${path}\n`);
}
