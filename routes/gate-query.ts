import { describe, type InputFault, type Read, readDuration, unknownNames } from "./input.ts";

/** What a caller may say behind the question mark, in ms. */
export interface GateQuery {
  readonly waitMs: number;
  readonly stableMs: number | undefined;
  readonly graceMs: number | undefined;
  readonly lease: string | undefined;
  /** Undefined: as the environment has it. */
  readonly strict: boolean | undefined;
}

const PLACE = "querystring";
const KNOWN: readonly string[] = ["wait", "stable", "grace", "lease", "strict"];
export const MAX_WAIT_MS = 600_000;

/** Reads all of it, and reports all that is wrong at once. */
export function readGateQuery(query: Readonly<Record<string, unknown>>): Read<GateQuery> {
  const faults = unknownNames(query, KNOWN, PLACE);
  const read = (name: string): number | undefined =>
    query[name] === undefined
      ? undefined
      : readDuration(query[name], { in: PLACE, name, min: 0, max: MAX_WAIT_MS, example: "60s" }, faults);
  const value = {
    waitMs: read("wait") ?? 0,
    stableMs: read("stable"),
    graceMs: read("grace"),
    lease: readLease(query.lease, faults),
    strict: readStrict(query.strict, faults),
  };
  return faults.length === 0 ? { ok: true, value } : { ok: false, faults };
}

function readLease(given: unknown, faults: InputFault[]): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && /^[\w-]{1,100}$/.test(given)) return given;
  faults.push({
    in: PLACE,
    name: "lease",
    expected: "the id that POST /gate/{suite}/lease gave, once",
    found: describe(given),
  });
  return undefined;
}

/** `false` would read as if it could take away what the environment asks for. */
function readStrict(given: unknown, faults: InputFault[]): boolean | undefined {
  if (given === undefined) return undefined;
  if (given === "true") return true;
  faults.push({ in: PLACE, name: "strict", expected: "`true`, or nothing", found: describe(given) });
  return undefined;
}
