import type { JunitCase } from "./junit-case.ts";

export interface Duplicates {
  /** What the following tests say is compared with all reports before. */
  nextReport(): void;
  /** True for a test that an earlier report told in the same words: with the same end, time and message. */
  seen(found: JunitCase): boolean;
  count(): number;
}

/** Recognises executions that several reports tell, such as one for each suite and one that merges them. */
export function createDuplicates(): Duplicates {
  // Green tests can be a million; a number for each is enough, since none of them is judged.
  const green = new Set<number>();
  const red = new Set<string>();
  let report: (number | string)[] = [];
  let reports = 0;
  let count = 0;

  return {
    nextReport() {
      for (const key of report)
        if (typeof key === "number") green.add(key);
        else red.add(key);
      report = [];
      reports += 1;
    },
    seen(found) {
      const key = keyOf(found);
      if (typeof key === "number" ? green.has(key) : red.has(key)) {
        count += 1;
        return true;
      }
      report.push(key);
      return false;
    },
    count: () => count,
  };
}

function keyOf({ suite, classname, name, status, seconds, failure }: JunitCase): number | string {
  const words = `${suite}\n${classname}\n${name}\n${status}\n${seconds ?? ""}`;
  if (failure === undefined) return hash(words);
  const { message, text } = failure;
  return `${hash(words)} ${hash(message)} ${hash(text)} ${text.length} ${message.length}`;
}

/** 53 bits (cyrb53): a million green tests collide once in twenty thousand runs, and then one pass is not counted. */
function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
