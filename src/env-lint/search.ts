import { open } from "node:fs/promises";
import { createReaderSearch, type ReaderSearch } from "../../services/env-lint/readers.ts";
import { walkSources } from "./walk-sources.ts";

/** Larger ones are bundles and data. */
const LARGEST = 2 * 1024 * 1024;
/** Reads at a time: more only wait for the disk. */
const AT_ONCE = 16;

export interface SearchInput {
  readonly cwd: string;
  /** Folders or files. */
  readonly roots: readonly string[];
  readonly names: readonly string[];
  readonly signal: AbortSignal;
}

export interface SearchResult {
  readonly read: ReadonlySet<string>;
  /** Folders and files that could not be looked at, as they are shown. */
  readonly unreadable: readonly string[];
}

/**
 * Which of the names something below the roots reads. Ends as soon as all are found. What the sources name as a prefix is
 * taken off what is left, and looked for in a second pass.
 */
export async function searchReaders({ cwd, roots, names, signal }: SearchInput): Promise<SearchResult> {
  const first = createReaderSearch({ names });
  const unreadable = await pass(first, { cwd, roots, signal });
  const prefixes = first.prefixes();
  const missing = first.missing();
  if (prefixes.length === 0 || missing.length === 0) return { read: first.read(), unreadable };
  const second = createReaderSearch({ names: missing, prefixes });
  await pass(second, { cwd, roots, signal });
  return { read: new Set([...first.read(), ...second.read()]), unreadable };
}

async function pass(
  search: ReaderSearch,
  { cwd, roots, signal }: Omit<SearchInput, "names">,
): Promise<string[]> {
  const unreadable: string[] = [];
  const running = new Set<Promise<void>>();
  const buffers: Buffer[] = [];
  for await (const found of walkSources(cwd, roots, signal)) {
    if (search.missing().length === 0) break;
    if (found.kind === "unreadable") {
      unreadable.push(found.path);
      continue;
    }
    const buffer = buffers.pop() ?? Buffer.allocUnsafe(64 * 1024);
    const work = readInto(found.absolute, buffer)
      .then(
        (text) => void (text !== undefined && search.scan(found.path, text)),
        () => void unreadable.push(found.path),
      )
      .finally(() => {
        running.delete(work);
        buffers.push(buffer);
      });
    running.add(work);
    if (running.size >= AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
  return unreadable.sort();
}

/** The text with one character a byte; nothing for what is no source: too large, or with NUL bytes at its beginning. */
async function readInto(path: string, buffer: Buffer): Promise<string | undefined> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size > LARGEST) return undefined;
    const bytes = size < buffer.length ? await fill(file, buffer) : await file.readFile();
    return bytes.subarray(0, 1024).includes(0) ? undefined : bytes.toString("latin1");
  } finally {
    await file.close();
  }
}

async function fill(file: Awaited<ReturnType<typeof open>>, buffer: Buffer): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}
