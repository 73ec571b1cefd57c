/** An error as ClickHouse reports it: a number, a name, and one sentence. */
export class ClickHouseFailure extends Error {
  readonly code: number;
  readonly symbol: string;

  constructor(code: number, symbol: string, message: string) {
    super(message);
    this.name = "ClickHouseFailure";
    this.code = code;
    this.symbol = symbol;
  }
}

/** Reads the number, the name and the sentence out of an error of the engine. */
export function toFailure(error: unknown): ClickHouseFailure {
  if (error instanceof ClickHouseFailure) {
    return error;
  }
  let text = error instanceof Error ? error.message : String(error);
  // Errors of SET arrive wrapped in a second one of the same kind.
  const inner =
    /^Code: (\d+)\. DB::Exception: (Code: \1\. DB::Exception: .*) \(version [^)]*\)\. \(\w+\)$/s.exec(text);
  text = inner?.[2] ?? text;
  const [, code, message, symbol] = /^Code: (\d+)\. DB::Exception: (.*) \((\w+)\)\s*$/s.exec(text) ?? [];
  return new ClickHouseFailure(Number(code ?? 1002), symbol ?? "UNKNOWN_EXCEPTION", message ?? text);
}

/** The HTTP status that the server gives to an error (from its HTTPHandler). */
export function httpStatus(code: number): number {
  return statuses.find(([, codes]) => codes.has(code))?.[0] ?? 500;
}

const statuses: readonly (readonly [number, ReadonlySet<number>])[] = [
  [400, new Set([6, 10, 15, 26, 27, 32, 36, 38, 41, 43, 44, 53, 62, 69, 72, 117, 427, 441, 456])],
  [401, new Set([194])],
  [403, new Set([192, 193, 497, 516])],
  [404, new Set([46, 47, 50, 56, 60, 63, 73, 81, 115, 336])],
  [408, new Set([159])],
  [413, new Set([307])],
  [501, new Set([48])],
  [503, new Set([76, 209])],
];
