import type { CauseCode } from "../causes.ts";
import type { DependencyKind } from "../dependencies/options.ts";
import { NOT_WORDS, PHRASES } from "./phrases.ts";
import type { TestResult } from "./result.ts";
import { shown, speechOf } from "./speech.ts";

/** Words of a failure that name a cause. */
export interface Words {
  readonly code: CauseCode;
  /** Whose they can be; empty when they do not show it. */
  readonly kinds: readonly DependencyKind[];
  /** Ports that stand beside them. */
  readonly ports: readonly number[];
  readonly matched: string;
}

export interface Recognised {
  readonly words: readonly Words[];
  /** Whether a value was not the expected one, too. */
  readonly asserts: boolean;
}

/** More say nothing new. */
const MOST = 8;

/** One pass that most lines end at: whatever a phrase matches contains one of these. */
const TRIGGERS =
  /E[A-Z]{4,}|ERR_|refused|reset|clos|time|unreachable|resolv|host|certificate|TLS|SSL|PKIX|version number|terminat|starting|recovery|pg_hba|password|Authentication|connect|exist|denied|privileges|read|cancel|space|[A-Z]{5}|Code: |EOF|fetch|disconnected|frame|handshake|response|socket|pipe|hang up|service not known|pool/i;

/** Modules and classes that only one kind's clients have. */
const KIND_MARKS: readonly (readonly [DependencyKind, RegExp])[] = [
  [
    "postgres",
    /\b(?:psycopg2?\.|asyncpg\.|org\.postgresql\.|PSQLException|pgconn\b|jackc\/pgx|lib\/pq\b|pq: )|node_modules\/(?:pg|pg-pool|pg-protocol|postgres)\/|connection to server at "/,
  ],
  [
    "redis",
    /\bredis\.(?:exceptions|clients|asyncio)\.|\b(?:io\.lettuce|jedis\.)|JedisConnectionException|site-packages\/redis\/|node_modules\/(?:ioredis|@redis|redis)\/|MaxRetriesPerRequestError|go-redis\b/,
  ],
  [
    "clickhouse",
    /\bclickhouse_(?:driver|connect)\b|node_modules\/@clickhouse\/|com\.clickhouse\.|clickhouse-go\b|\bDB::(?:Net)?Exception\b/,
  ],
  ["websocket", /\bwebsockets?\.exceptions\.|node_modules\/ws\/|gorilla\/websocket|\bwss?:\/\//],
];

/** Pure: the causes that a failure's own words name, each once, in the order of the text. */
export function recognise(failure: TestResult["failure"]): Recognised {
  if (failure === undefined) return { words: [], asserts: false };
  const { lines, asserts } = speechOf(failure);
  const whole = `${failure.type ?? ""}\n${failure.message}\n${failure.text}`;
  let marked: readonly DependencyKind[] | undefined;
  const found = new Map<string, Words>();
  for (const line of new Set(lines)) {
    if (found.size >= MOST || !TRIGGERS.test(line)) continue;
    const match = matchLine(line);
    if (match === undefined) continue;
    const kinds = match.kinds ?? (marked ??= kindsMarked(whole));
    const words = { code: match.code, kinds, ports: portsOf(line), matched: match.matched };
    const key = `${words.code} ${kinds.join(" ")} ${words.ports.join(" ")}`;
    if (!found.has(key)) found.set(key, words);
  }
  return { words: [...found.values()], asserts };
}

function matchLine(line: string) {
  if (NOT_WORDS.test(line)) return undefined;
  for (const { pattern, code, kinds } of PHRASES) {
    const match = pattern.exec(line);
    if (match === null) continue;
    return { code, kinds, matched: shown(around(line, match.index, match[0].length)) };
  }
  return undefined;
}

/** The words with what stands beside them: the address is mostly there. */
function around(line: string, index: number, length: number): string {
  const from = index < 40 ? 0 : index - 40;
  const part = line.slice(from, index + length + 60).trim();
  return from === 0 ? part : `…${part}`;
}

/** Of several, none can be told. */
function kindsMarked(whole: string): readonly DependencyKind[] {
  const kinds = KIND_MARKS.filter(([, mark]) => mark.test(whole)).map(([kind]) => kind);
  return kinds.length === 1 ? kinds : [];
}

/** `127.0.0.1:5432`, `port 5432`, `port=8123`, `('127.0.0.1', 5432)`, `http://host/` — not `test_x.py:12`. */
const PORTS =
  /(?:\b\d{1,3}(?:\.\d{1,3}){3}|\]|\blocalhost|:{1,2}1|:\/\/[\w.-]{1,200}|\btcp [\w.-]{1,200}|\b(?:to|connecting to|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH) [\w.-]{1,200}):(\d{2,5})\b|\bport[ =](\d{2,5})\b|', (\d{2,5})\)|(https?):\/\/[\w.-]{1,200}(?=[/\s"')]|$)/g;

/** Pure: the ports that a line names. */
export function portsOf(line: string): readonly number[] {
  const ports = [...line.matchAll(PORTS)].map(([, colon, word, tuple, scheme]) =>
    scheme === undefined ? Number(colon ?? word ?? tuple) : scheme === "https" ? 443 : 80,
  );
  return [...new Set(ports)];
}
