const signals = ["SIGSTOP", "SIGCONT", "SIGKILL"] as const;
const longestMs = 600_000;

/** Something the caller got wrong, with what was expected and what was found. */
export class Problem extends Error {
  readonly status: 400 | 403 | 404 | 409;

  constructor(status: 400 | 403 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads `{mode, ms?}`, with one of these modes. Throws `Problem` 400. */
export function readFault(body: unknown, modes: readonly string[]): { mode: string; ms: number | undefined } {
  const { mode, ms } = objectIn(body);
  const known = modes.find((each) => each === mode);
  if (known === undefined) {
    throw mismatch("mode", `one of ${modes.join(", ")}`, mode);
  }
  if (ms !== undefined && !isMilliseconds(ms)) {
    throw mismatch("ms", `a whole number from 1 to ${longestMs}`, ms);
  }
  return { mode: known, ms };
}

/** Reads `{signal}`. Throws `Problem` 400. */
export function readSignal(body: unknown): (typeof signals)[number] {
  const { signal } = objectIn(body);
  const known = signals.find((name) => name === signal);
  if (known === undefined) {
    throw mismatch("signal", `one of ${signals.join(", ")}`, signal);
  }
  return known;
}

function objectIn(body: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(typeof body === "string" ? body : "");
  } catch {
    throw mismatch("the body", "a JSON object", body);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw mismatch("the body", "a JSON object", value);
  }
  return { ...value };
}

function isMilliseconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= longestMs;
}

function mismatch(what: string, expected: string, found: unknown): Problem {
  const shown = found === undefined || found === "" ? "nothing" : JSON.stringify(found).slice(0, 100);
  return new Problem(400, `Expected ${what} to be ${expected}; found ${shown}.`);
}
