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
  const found: Words[] = [];
  for (const line of new Set(lines)) {
    if (found.length >= MOST || !TRIGGERS.test(line)) continue;
    const match = matchLine(line);
    if (match === undefined) continue;
    const kinds = match.kinds ?? (marked ??= kindsMarked(whole));
    found.push({ code: match.code, kinds, ports: portsOf(line), matched: match.matched });
  }
  return { words: distinct(found), asserts };
}

/** A cause is mostly told several times, and its address once: words without one are about the same. */
function distinct(found: readonly Words[]): readonly Words[] {
  const unique = new Map<string, Words>();
  for (const words of found) {
    const { code, kinds } = words;
    const ports =
      words.ports.length > 0
        ? words.ports
        : [...new Set(found.filter((other) => other.code === code).flatMap((other) => other.ports))];
    const key = `${code} ${kinds.join(" ")} ${ports.join(" ")}`;
    if (!unique.has(key)) unique.set(key, { ...words, ports });
  }
  return [...unique.values()];
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

/** Clients of HTTP: they reach the product under test, too. */
const HTTP_MARK =
  /\b(?:httpx|httpcore|aiohttp|requests|urllib3)\.[\w.]{0,60}(?:Error|Exception|Timeout)|HTTPConnectionPool|node_modules\/(?:axios|undici|node-fetch|got|supertest)\/|AxiosError|fetch failed|okhttp3\.|java\.net\.http\.|\b(?:Get|Post|Put|Delete|Head) "https?:/;
const HTTP_KINDS: readonly DependencyKind[] = ["http", "auth", "clickhouse"];

/** Of several, none can be told; ClickHouse is reached by HTTP. */
function kindsMarked(whole: string): readonly DependencyKind[] {
  const kinds = KIND_MARKS.filter(([, mark]) => mark.test(whole)).map(([kind]) => kind);
  const http = HTTP_MARK.test(whole);
  if (kinds.length === 0) return http ? HTTP_KINDS : [];
  return kinds.length === 1 && (!http || kinds[0] === "clickhouse") ? kinds : [];
}

/** `127.0.0.1:5432`, `port 5432`, `port=8123`, `('127.0.0.1', 5432)`, `http://host/` — not `test_x.py:12`. */
const PORTS =
  /(?:\b\d{1,3}(?:\.\d{1,3}){3}|\]|\blocalhost|:{1,2}1|:\/\/[\w.-]{1,200}|\btcp [\w.-]{1,200}|\b(?:to|connecting to|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH) [\w.-]{1,200}):(\d{1,5})\b|\bport["']?(?:[ =]|: ?)(\d{1,5})\b|', (\d{1,5})\)|(https?):\/\/[\w.-]{1,200}(?=[/\s"')]|$)/g;

/** Pure: the ports that a line names. */
export function portsOf(line: string): readonly number[] {
  const ports = [...line.matchAll(PORTS)].map(([, colon, word, tuple, scheme]) =>
    scheme === undefined ? Number(colon ?? word ?? tuple) : scheme === "https" ? 443 : 80,
  );
  return [...new Set(ports)];
}
