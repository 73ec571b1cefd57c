import { array, assert, asyncProperty, boolean, constantFrom, integer, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { findingsOf, placesOf, pythonTruth, type Files } from "./truth.ts";

/** A function, the modules that hand it on, and how `main.py` uses it. */
interface Chain {
  readonly isAsync: boolean;
  readonly links: readonly ("name" | "alias" | "star" | "package" | "module")[];
  readonly twin: "none" | "same" | "other";
  readonly use: "await" | "call";
  readonly body: number;
}

const chains = array(
  record({
    isAsync: boolean(),
    links: array(constantFrom("name", "alias", "star", "package", "module"), { maxLength: 4 }),
    twin: constantFrom("none", "none", "same", "other"),
    use: constantFrom("await", "call"),
    body: integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const BODIES = ["pass", "return 1", "return [x for x in (1, 2)]", "return 'a' if True else None"];

/** The program, and the lines of `main.py` that are wrong by the way it was made. */
function programOf(all: readonly Chain[]): { files: Files; wrong: readonly string[] } {
  const files: Record<string, string> = {};
  const main: string[] = [];
  const wrong: string[] = [];
  const add = (line: string): number => main.push(line);
  for (const [index, chain] of all.entries()) {
    const { isAsync, links, twin, use, body } = chain;
    let name = `f${index}`;
    let module = `m${index}_0`;
    const define = (async: boolean): string =>
      `${async ? "async " : ""}def ${name}():\n        ${BODIES[body]}`;
    const other = twin === "other" ? !isAsync : isAsync;
    files[`${module}.py`] =
      twin === "none"
        ? `if True:\n    ${define(isAsync)}\n`
        : `import sys\nif sys.version_info > (2,):\n    ${define(isAsync)}\nelse:\n    ${define(other)}\n`;
    for (const [step, link] of links.entries()) {
      const next = `m${index}_${step + 1}`;
      if (link === "star") files[`${next}.py`] = `from ${module} import *\n`;
      else if (link === "alias") {
        files[`${next}.py`] = `from ${module} import ${name} as ${name}x\n`;
        name += "x";
      } else if (link === "package") files[`${next}/__init__.py`] = `from ${module} import ${name}\n`;
      else if (link === "module") {
        files[`${next}.py`] = `import ${module}\nfrom ${module} import ${name}\n`;
      } else files[`${next}.py`] = `from ${module} import ${name}\n`;
      module = next;
    }
    add(`import ${module}`);
    add(`async def check${index}():`);
    const line = add(`    ${use === "await" ? "await " : ""}${module}.${name}()`);
    if (twin === "other" || (use === "await") === isAsync) continue;
    if (use === "await") wrong.push(`main.py:${line} AWAIT_NOT_ASYNC`);
    else if (isAsync) wrong.push(`main.py:${line} COROUTINE_NOT_AWAITED`);
  }
  files["main.py"] = `${main.join("\n")}\n`;
  return { files, wrong: wrong.toSorted() };
}

describe("programs made at random", () => {
  it("have the faults they were made with, and Python says the same of each that is told", async () => {
    const programs: { files: Files; found: readonly string[] }[] = [];
    await assert(
      asyncProperty(chains, async (all) => {
        const { files, wrong } = programOf(all);
        const found = placesOf(await findingsOf(files));
        expect(found).toEqual(wrong);
        programs.push({ files, found });
      }),
      { numRuns: 60 },
    );
    const truths = await pythonTruth(programs.map(({ files }) => files));
    for (const [index, { found }] of programs.entries()) {
      expect(truths[index]?.errors).toEqual([]);
      expect(truths[index]?.faults).toEqual(expect.arrayContaining([...found]));
    }
  }, 60_000);
});
