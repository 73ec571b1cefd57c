import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CAUSES, type CauseCode } from "../../services/causes.ts";

/** Causes that no real server can produce, with the reason. */
const UNPRODUCED: Partial<Record<CauseCode, string>> = {
  CHECK_ERROR: "a fault of this program, not of a server",
};

const folder = import.meta.dirname;
const here = "coverage.test.ts";

/** The codes that the tests name, in quotes, in these folders. */
function namedIn(...folders: string[]): Set<string> {
  const files = folders.flatMap((each) =>
    readdirSync(each, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && file !== here)
      .map((file) => join(each, file)),
  );
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const literals = [...text.matchAll(/(["'])([A-Z]+(?:_[A-Z]+)*)\1/g)];
  return new Set(literals.map(([, , code = ""]) => code));
}

const named = namedIn(folder, join(folder, "../service"));
const codes = Object.keys(CAUSES) as CauseCode[];

test.each(codes)("%s is produced by a test against a real server, or it is written here why not", (code) => {
  const reason = UNPRODUCED[code];
  if (reason === undefined)
    expect([...named], "named in no test of faults or of the service").toContain(code);
  else expect([...named], `tested, so it needs no reason: ${reason}`).not.toContain(code);
});
