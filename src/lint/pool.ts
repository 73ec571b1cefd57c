import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { guardedFacts } from "./guarded-facts.ts";
import { createPythonParser } from "./parser.ts";
import type { FileFacts, TakeFactsOptions } from "./take-facts.ts";
import type { WorkerAnswer, WorkerData } from "./worker.ts";

export interface GatherOptions extends Pick<TakeFactsOptions, "root" | "areas" | "digests"> {
  readonly signal: AbortSignal;
  /** Told after each list of files. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Threads; default: one for each core, four at most. */
  readonly threads?: number;
  /** Longest time for the files of one message, in ms. */
  readonly deadlineMs?: number;
}

/** To start a thread takes as long as to lint about so many files. */
const FEW = 150;
const MOST_THREADS = 4;
/** Files of one message: few enough that no thread has long to do while the others have nothing. */
const LIST = 40;
/**
 * What a thread makes is garbage at once. Left to itself, V8 lets hundreds of megabytes of it lie; the largest file that is
 * read takes less than this.
 */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** For one list, and for one file by itself: what takes longer would go on for ever. */
const DEADLINE_MS = 120_000;
/** So many threads that die in a row, and no list done, are no accident of a file. */
const MOST_DEATHS = 8;

/**
 * Takes the facts of all files, in their order.
 *
 * @throws the signal's reason; an error when threads keep dying
 */
export async function gatherFacts(
  files: readonly string[],
  options: GatherOptions,
): Promise<readonly FileFacts[]> {
  const threads = options.threads ?? Math.min(MOST_THREADS, availableParallelism());
  return files.length <= FEW || threads < 2
    ? gatherHere(files, options)
    : gatherInThreads(files, options, threads);
}

async function gatherHere(
  files: readonly string[],
  { root, areas, digests, signal, onProgress }: GatherOptions,
): Promise<readonly FileFacts[]> {
  const parser = await createPythonParser();
  const facts: FileFacts[] = [];
  try {
    for (const path of files) {
      if (facts.length % LIST === 0) {
        // Lets a signal of the process through.
        await new Promise(setImmediate);
        signal.throwIfAborted();
        onProgress?.(facts.length);
      }
      facts.push(guardedFacts(path, { root, areas, digests, parser }).facts);
    }
    return facts;
  } finally {
    parser.delete();
  }
}

async function gatherInThreads(
  files: readonly string[],
  { root, areas, digests, signal, onProgress, deadlineMs = DEADLINE_MS }: GatherOptions,
  threads: number,
): Promise<readonly FileFacts[]> {
  signal.throwIfAborted();
  const byPath = new Map<string, FileFacts>();
  const waiting: string[][] = listsOf(files);
  const running = new Set<Worker>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let deaths = 0;

  function start(): void {
    const worker = new Worker(workerFile(), {
      workerData: { root, areas, digests } satisfies WorkerData,
      resourceLimits: LIMITS,
    });
    let list: readonly string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const limit = (ms: number) => {
      timer = setTimeout(() => fail(`it took longer than ${ms} ms`), ms).unref();
    };
    const next = () => {
      list = waiting.shift() ?? [];
      if (list.length > 0) {
        limit(deadlineMs);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage(list);
        return;
      }
      running.delete(worker);
      void worker.terminate();
      if (running.size === 0) resolve();
    };
    const replace = (undone: readonly string[]) => {
      running.delete(worker);
      void worker.terminate();
      deaths += 1;
      if (deaths > MOST_DEATHS) return reject(new Error("the threads that parse keep dying"));
      if (undone.length > 0) waiting.unshift([...undone]);
      start();
    };
    worker.on("message", (answer: WorkerAnswer) => {
      clearTimeout(timer);
      if (!running.has(worker)) return;
      if (answer.kind === "ready") return next();
      const { facts, broken } = answer;
      deaths = 0;
      for (const each of facts) byPath.set(each.path, each);
      onProgress?.(byPath.size);
      if (broken) replace(list.slice(facts.length));
      else next();
    });
    const fail = (reason: string) => {
      clearTimeout(timer);
      if (!running.has(worker)) return;
      const [first, ...rest] = list;
      // Alone in its list it is the one that did it; otherwise each is tried by itself.
      if (first !== undefined && rest.length === 0) {
        const fault = { code: "LINT_FAILED", reason } as const;
        byPath.set(first, { path: first, lines: 0, fault });
      } else {
        waiting.unshift(...list.map((path) => [path]));
      }
      replace([]);
    };
    worker.once("error", (error: Error) => fail(error.message));
    running.add(worker);
    // To load the parser is no part of what a file takes.
    limit(DEADLINE_MS);
  }

  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (let count = Math.min(threads, waiting.length); count > 0; count -= 1) start();
    await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
    const left = [...running];
    running.clear();
    await Promise.all(left.map((worker) => worker.terminate()));
  }
  return files.flatMap((path) => byPath.get(path) ?? []);
}

function listsOf(files: readonly string[]): string[][] {
  const lists: string[][] = [];
  for (let at = 0; at < files.length; at += LIST) lists.push(files.slice(at, at + LIST));
  return lists;
}

/** Beside this file; of what is built (src/build.ts), all is in one folder, and this file goes by another name. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith("/pool.ts") ? "./worker.ts" : "./lint-worker.js", import.meta.url);
