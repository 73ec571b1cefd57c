import { isRecord, parseJson } from "../../json.ts";

/** What a service says of itself; `unknown` is anything that is not in the table. */
export type Standing = "pass" | "degraded" | "down" | "unknown";

/** A status as it was found: what it means, and the word, for messages. */
export interface Status {
  readonly standing: Standing;
  readonly word: string;
}

/**
 * The dialects of health endpoints: the IETF draft (pass, warn, fail), Spring Boot (UP, DOWN, OUT_OF_SERVICE), ASP.NET
 * (Healthy, Degraded, Unhealthy), Kubernetes and Envoy (ok, ready, live), gRPC (SERVING), Elasticsearch (green, yellow,
 * red) and what people write by hand. Spaces and hyphens count as underscores.
 */
const WORDS: Readonly<Record<Exclude<Standing, "unknown">, readonly string[]>> = {
  pass: [
    "ok",
    "okay",
    "up",
    "pass",
    "passed",
    "passing",
    "healthy",
    "ready",
    "live",
    "alive",
    "running",
    "available",
    "operational",
    "online",
    "serving",
    "green",
    "success",
  ],
  degraded: ["degraded", "warn", "warning", "partial", "partial_outage", "limited", "impaired", "yellow"],
  down: [
    "fail",
    "failed",
    "failing",
    "failure",
    "down",
    "unhealthy",
    "error",
    "critical",
    "outage",
    "major_outage",
    "out_of_service",
    "unavailable",
    "not_ready",
    "not_serving",
    "offline",
    "maintenance",
    "starting",
    "stopping",
    "stopped",
    "shutting_down",
    "dead",
    "red",
  ],
};

const TABLE: ReadonlyMap<string, Standing> = new Map(
  Object.entries(WORDS).flatMap(([standing, words]) =>
    words.map((word): [string, Standing] => [word, standing as Standing]),
  ),
);

/** Looks one word up, in any case. A word that is not in the table is `unknown`: fail closed. */
export function readWord(text: string): Status {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, "")
    .replaceAll(/[\s-]+/g, "_");
  return { standing: TABLE.get(word) ?? "unknown", word: shown(text) };
}

/** Members that hold the status, best first. */
const STATUS_MEMBERS = ["status", "state", "health", "overall"] as const;
/** Members that are true when all is well; false says so, whatever the status is. */
const FLAGS = ["healthy", "ok", "up", "ready", "alive", "success"] as const;

/** How deep `{"status": {"status": …}}` is followed. */
const MAX_DEPTH = 3;

/** Reads the status out of a body: JSON in any dialect, or one word as plain text. Never throws. */
export function readStatus(body: string): Status {
  const json = parseJson(body);
  return json === undefined ? readWord(body) : readValue(json, 0);
}

function readValue(value: unknown, depth: number): Status {
  if (typeof value === "string") return readWord(value);
  if (typeof value === "boolean") return { standing: value ? "pass" : "down", word: String(value) };
  if (!isRecord(value) || depth >= MAX_DEPTH) return NOTHING;
  const flags = FLAGS.flatMap((name) =>
    typeof value[name] === "boolean" ? [{ ...readValue(value[name], depth), name }] : [],
  );
  const bad = flags.find(({ standing }) => standing === "down");
  if (bad !== undefined) return { standing: "down", word: `${bad.name}: false` };
  const member = STATUS_MEMBERS.find((name) => Object.hasOwn(value, name));
  if (member !== undefined) return readValue(value[member], depth + 1);
  const good = flags[0];
  return good === undefined ? NOTHING : { standing: "pass", word: `${good.name}: true` };
}

const NOTHING: Status = { standing: "unknown", word: "no status" };

/** The longest text that can be meant as a word. A longer one is not cut: of a cut secret nobody would know the rest. */
const LONGEST_WORD = 40;

const shown = (text: string): string => {
  const word = text.replaceAll(/\s+/g, " ").trim();
  if (word === "") return "nothing";
  return word.length <= LONGEST_WORD ? word : `${word.length} characters of text`;
};
