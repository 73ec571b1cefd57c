import { by, type Phrase } from "./phrase.ts";

const clickhouse = by(["clickhouse"]);

/** Words of ClickHouse and its clients; the code is the same in every one. */
export const CLICKHOUSE_PHRASES: readonly Phrase[] = [
  clickhouse(
    "AUTH_FAILED",
    /\b(?:Code: (?:192|193|194|516)\.|AUTHENTICATION_FAILED\b)|Authentication failed: password is incorrect/,
    "Code: 516. DB::Exception: default: Authentication failed: password is incorrect",
    "every ClickHouse client",
  ),
  clickhouse(
    "DATABASE_MISSING",
    /\bCode: 81\.|\bUNKNOWN_DATABASE\b/,
    "Code: 81. DB::Exception: Database shop does not exist. (UNKNOWN_DATABASE)",
    "every ClickHouse client",
  ),
  clickhouse(
    "TABLE_MISSING",
    /\bCode: 60\.|\bUNKNOWN_TABLE\b/,
    "Code: 60. DB::Exception: Unknown table expression identifier 'users' (UNKNOWN_TABLE)",
    "every ClickHouse client",
  ),
  clickhouse(
    "PERMISSION_DENIED",
    /\bCode: 497\.|Not enough privileges/,
    "Code: 497. DB::Exception: app: Not enough privileges. (ACCESS_DENIED)",
    "every ClickHouse client",
  ),
  clickhouse(
    "READ_ONLY",
    /\bCode: (?:164|242)\.|\bTABLE_IS_READ_ONLY\b/,
    "Code: 242. DB::Exception: Table is in readonly mode (TABLE_IS_READ_ONLY)",
    "every ClickHouse client",
  ),
  clickhouse(
    "OUT_OF_MEMORY",
    /\bCode: 241\.|\bMEMORY_LIMIT_EXCEEDED\b/,
    "Code: 241. DB::Exception: Memory limit (total) exceeded (MEMORY_LIMIT_EXCEEDED)",
    "every ClickHouse client",
  ),
  clickhouse(
    "OVERLOADED",
    /\bCode: 202\.|\bTOO_MANY_SIMULTANEOUS_QUERIES\b/,
    "Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)",
    "every ClickHouse client",
  ),
  clickhouse(
    "STATEMENT_TIMEOUT",
    /\bCode: 159\.|\bTIMEOUT_EXCEEDED\b/,
    "Code: 159. DB::Exception: Timeout exceeded: elapsed 5 seconds (TIMEOUT_EXCEEDED)",
    "every ClickHouse client",
  ),
  clickhouse(
    "DISK_FULL",
    /\bCode: 243\.|\bNOT_ENOUGH_SPACE\b/,
    "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space (NOT_ENOUGH_SPACE)",
    "every ClickHouse client",
  ),
  clickhouse(
    "CONNECTION_CLOSED",
    /Code: 210\.|Unexpected EOF while reading bytes/,
    "Unexpected EOF while reading bytes",
    "clickhouse-driver",
  ),
];
