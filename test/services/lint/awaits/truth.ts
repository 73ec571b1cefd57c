import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { analyseAwaits } from "../../../../services/lint/awaits/analyse.ts";
import { type AwaitFacts, extractAwaits } from "../../../../services/lint/awaits/extract.ts";
import type { LintFinding } from "../../../../services/lint/python/source-file.ts";
import { parsePython } from "../../../support/python.ts";

export type Files = Readonly<Record<string, string>>;

/** Files of a sample, each after a line `# file: path`; what stands before the first is `main.py`. */
export function filesOf(sample: string): Files {
  const [first = "", ...rest] = sample.split(/^# file: (.*)\n/m);
  const files: Record<string, string> = first.trim() === "" ? {} : { "main.py": first.trimStart() };
  for (let index = 0; index < rest.length; index += 2) files[rest[index] ?? ""] = rest[index + 1] ?? "";
  return files;
}

export async function factsOf(files: Files): Promise<Map<string, AwaitFacts>> {
  const facts = new Map<string, AwaitFacts>();
  for (const [path, text] of Object.entries(files)) {
    const file = await parsePython(text, path);
    const found = extractAwaits(file);
    file.tree.delete();
    // As they come from another thread.
    facts.set(path, structuredClone(found));
  }
  return facts;
}

export async function findingsOf(files: Files): Promise<readonly LintFinding[]> {
  return analyseAwaits({ files: await factsOf(files) });
}

/** `main.py:3 AWAIT_NOT_ASYNC`, sorted. */
export const placesOf = (findings: readonly LintFinding[]): string[] =>
  findings
    .map(({ finding: { code, place } }) =>
      place?.kind === "file" ? `${place.file}:${place.line} ${code}` : code,
    )
    .toSorted();

export interface Truth {
  /** In the form of `placesOf`. */
  readonly faults: readonly string[];
  /** Anything else that went wrong: the sample itself is no good. */
  readonly errors: readonly string[];
}

/**
 * Runs every `check…` function of each `main.py` with Python: a TypeError of `await`, and a coroutine that is never
 * awaited with the line that made it.
 */
export async function pythonTruth(samples: readonly Files[]): Promise<readonly Truth[]> {
  const folder = await mkdtemp(join(tmpdir(), "awaits-"));
  try {
    for (const [index, files] of samples.entries()) await write(join(folder, String(index)), files);
    await writeFile(join(folder, "driver.py"), DRIVER);
    const { stdout } = await promisify(execFile)(
      "python3",
      [join(folder, "driver.py"), String(samples.length)],
      {
        cwd: folder,
        maxBuffer: 1 << 26,
      },
    );
    return JSON.parse(stdout) as readonly Truth[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Each sample in a process of its own, so that none meets the modules of another. */
const DRIVER = String.raw`
import asyncio, gc, json, os, re, sys, traceback, warnings, importlib, inspect, unittest.mock

def run(folder):
    faults, errors = [], []
    os.chdir(folder)
    home = os.getcwd() + "/"
    sys.path[0] = folder
    sys.dont_write_bytecode = True
    sys.set_coroutine_origin_tracking_depth(1)
    warnings.simplefilter("always")
    def show(message, category, filename, lineno, file=None, line=None):
        text = str(message)
        if "was never awaited" in text:
            made = re.findall(r'File "(.*?)", line (\d+)', text)
            where = made[-1] if made else (filename, lineno)
            faults.append(f"{where[0].replace(home, '')}:{where[1]} COROUTINE_NOT_AWAITED")
        elif category is RuntimeWarning:
            errors.append(text)
    warnings.showwarning = show
    def place(error):
        last = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(home)][-1]
        return f"{last.filename.replace(home, '')}:{last.lineno}"
    try:
        main = importlib.import_module("main")
        for name, check in list(vars(main).items()):
            if not name.startswith("check"):
                continue
            try:
                if inspect.iscoroutinefunction(check):
                    asyncio.run(check())
                else:
                    check()
            except TypeError as error:
                if "can't be used in 'await'" not in str(error):
                    raise
                faults.append(place(error) + " AWAIT_NOT_ASYNC")
                del error
        gc.collect()
    except SyntaxError as error:
        faults.append(f"{error.filename.replace(home, '')}:{error.lineno} AWAIT_OUTSIDE_ASYNC" if "await" in str(error) or "asynchronous" in str(error) else repr(error))
    except BaseException:
        errors.append(traceback.format_exc())
    return {"faults": sorted(faults), "errors": errors}

results = []
for index in range(int(sys.argv[1])):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        sys.stdout = sys.stderr
        with os.fdopen(writer, "w") as out:
            json.dump(run(os.path.join(os.path.dirname(os.path.abspath(__file__)), str(index))), out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        results.append(json.loads(answer.read()))
    os.waitpid(child, 0)
print(json.dumps(results))
`;
