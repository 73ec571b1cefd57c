import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "../context.ts";

/** So many of the first characters of a digest name it. */
export const SHORTEST_DIGEST = 12;
/** So many are asked for on a terminal: enough that nobody types them by habit. */
const TYPED = 6;

/** Whether what was given names this digest: all of it, or its first characters. */
export const namesDigest = (given: string, digest: string): boolean =>
  given.length >= SHORTEST_DIGEST && digest.startsWith(given.toLowerCase());

/** Whether somebody sits there who can answer; a CI system's terminal is nobody. */
export const canAsk = ({ env }: Pick<CommandContext, "env">): boolean =>
  (env.CI ?? "") === "" && process.stdin.isTTY && process.stderr.isTTY;

/** Asks for the first characters of the digest; anything else is a no. */
export async function askForDigest(
  { signal }: Pick<CommandContext, "signal">,
  digest: string,
): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `To apply it, type the first ${TYPED} characters of its digest (${digest.slice(0, TYPED)}): `;
    const answer = (await lines.question(question, { signal })).trim().toLowerCase();
    return answer.length >= TYPED && digest.startsWith(answer);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
