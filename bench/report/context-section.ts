import type { Figures } from "../figures.ts";
import { fixed, spreadText, whole } from "./numbers.ts";

/** What telling the environment adds to a start. */
export function contextText({ context }: Figures): string {
  if (context === undefined) return "";
  const { withoutMs, withMs, ratio, addedMs, insideMs } = context;
  return `A process that loads the configuration and ends, with and without telling which environment this is by something of each kind, bundled as it is published, run in turn with the compile cache, ${whole(addedMs.n)} rounds: ${whole(withMs.median)} ms to ${whole(withoutMs.median)} ms, ${spreadText(ratio)} times, ${fixed(addedMs.median)} ms more within a round [${fixed(addedMs.p25)} to ${fixed(addedMs.p75)}]. By its own clock, loading and detecting take ${fixed(insideMs.median)} ms.`;
}
