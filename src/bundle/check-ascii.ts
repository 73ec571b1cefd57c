import { readFile } from "node:fs/promises";

/**
 * One character beyond ASCII, in a pattern, makes two bytes of each in memory: megabytes that take milliseconds to read.
 *
 * @throws {Error} with the place
 */
export async function checkAscii(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  // oxlint-disable-next-line no-control-regex
  const found = /[^\x00-\x7f]+/.exec(text);
  if (found === null) return;
  const around = text.slice(Math.max(0, found.index - 60), found.index + 20);
  throw new Error(`${file} is to be ASCII; found ${found[0]} in: ${around}. Write it as \\u in its pattern.`);
}
