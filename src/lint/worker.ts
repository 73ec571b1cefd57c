// One thread of the pool: takes lists of files, answers with their facts.
import { parentPort, workerData } from "node:worker_threads";
import { guardedFacts } from "./guarded-facts.ts";
import { createPythonParser } from "./parser.ts";
import type { FileFacts, TakeFactsOptions } from "./take-facts.ts";

/** What a thread is made with. */
export type WorkerData = Pick<TakeFactsOptions, "root" | "areas" | "digests">;

export type WorkerAnswer =
  /** It has loaded the parser, and takes lists. */
  | { readonly kind: "ready" }
  /** To a list. `broken`: it can do no more, and what follows the last file is undone. */
  | { readonly kind: "facts"; readonly facts: readonly FileFacts[]; readonly broken: boolean };

const port = parentPort;
if (port !== null) {
  const parser = await createPythonParser();
  const options: TakeFactsOptions = { ...(workerData as WorkerData), parser };
  port.on("message", (paths: readonly string[]) => {
    const facts: FileFacts[] = [];
    let broken = false;
    for (const path of paths) {
      const one = guardedFacts(path, options);
      facts.push(one.facts);
      broken = one.broken;
      if (broken) break;
    }
    port.postMessage({ kind: "facts", facts, broken } satisfies WorkerAnswer);
  });
  port.postMessage({ kind: "ready" } satisfies WorkerAnswer);
}
