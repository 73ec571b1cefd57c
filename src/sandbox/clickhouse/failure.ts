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

/** The HTTP status that the server gives to an error, by its name. */
export function httpStatus(symbol: string): number {
  return statuses.find(([, pattern]) => pattern.test(symbol))?.[0] ?? 500;
}

// After exceptionCodeToHTTPStatus.cpp of ClickHouse; what is not listed there is 500.
const statuses: readonly (readonly [number, RegExp])[] = [
  [401, /^REQUIRED_PASSWORD$/],
  [403, /^(UNKNOWN_USER|WRONG_PASSWORD|AUTHENTICATION_FAILED|SET_NON_GRANTED_ROLE|ACCESS_DENIED)$/],
  [
    400,
    /^(BAD_ARGUMENTS|SYNTAX_ERROR|CANNOT_PARSE_\w+|CANNOT_COMPILE_REGEXP|DUPLICATE_COLUMN|ILLEGAL_COLUMN)$/,
  ],
  [400, /^(TYPE_MISMATCH|INCORRECT_DATA|THERE_IS_NO_COLUMN|VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE|TOO_\w+_AST)$/],
  [404, /^UNKNOWN_(TABLE|FUNCTION|IDENTIFIER|TYPE|STORAGE|DATABASE|SETTING|FORMAT|DATABASE_ENGINE|ROLE)$/],
  [404, /^UNKNOWN_(AGGREGATE_FUNCTION|TYPE_OF_QUERY|DIRECTION_OF_SORTING)$/],
  [408, /^TIMEOUT_EXCEEDED$/],
  [413, /^QUERY_IS_TOO_LARGE$/],
  [501, /^NOT_IMPLEMENTED$/],
  [503, /^(SOCKET_TIMEOUT|CANNOT_OPEN_FILE|CANNOT_SCHEDULE_TASK)$/],
];
