import type { CauseCode } from "../causes.ts";
import type { Phrase } from "./phrase.ts";
import { CLICKHOUSE_PHRASES } from "./phrases-clickhouse.ts";
import { NETWORK_PHRASES } from "./phrases-network.ts";
import { POSTGRES_PHRASES } from "./phrases-postgres.ts";
import { REDIS_PHRASES } from "./phrases-redis.ts";

/** The one table of the words that tests print when the environment fails them. On one line the first that fits counts. */
export const PHRASES: readonly Phrase[] = [
  ...POSTGRES_PHRASES,
  ...REDIS_PHRASES,
  ...CLICKHOUSE_PHRASES,
  ...NETWORK_PHRASES,
];

/** Words that resemble some of the table and are the product's own trouble, such as a pool that is too small. */
export const NOT_WORDS =
  /QueuePool limit of size|timeout exceeded when trying to connect|Unable to acquire a connection from the pool/;

/** The rows of the table for one cause. */
export const phrasesOf = (code: CauseCode): readonly Phrase[] =>
  PHRASES.filter((phrase) => phrase.code === code);
