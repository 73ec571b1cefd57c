/** The table of all keys, read off the schema: one row each for variables, reference and messages. */
import * as v from "valibot";
import { configSchema } from "./schema.ts";
import type { KeyMetadata } from "./values.ts";

/** One key that holds a value. */
export interface KeyRow extends KeyMetadata {
  /** `dependencies.postgres.assert[].query`. */
  readonly path: string;
  readonly meaning: string;
  /** The default as it would be written in the file. */
  readonly default?: string | number | boolean;
  /** The variable that sets it; keys in lists have none. */
  readonly variable?: string;
}

export interface KeyTable {
  readonly rows: readonly KeyRow[];
  /** The keys known in each mapping; `""` is the top. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
}

type Schema = v.GenericSchema & {
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
};

const CUSTOMARY: Readonly<Record<string, string>> = {
  "listen.host": "HOST",
  "listen.port": "PORT",
  logLevel: "LOG_LEVEL",
  "dependencies.postgres.url": "DATABASE_URL",
  "dependencies.clickhouse.url": "CLICKHOUSE_URL",
  "dependencies.redis.url": "REDIS_URL",
};

/** `dependencies.postgres.warnAbove` → `GREENLIGHT_POSTGRES_WARN_ABOVE`. */
function variableName(path: string): string {
  const words = path.replace(/^dependencies\./, "").replaceAll(/[A-Z]/g, "_$&");
  return CUSTOMARY[path] ?? `GREENLIGHT_${words.replaceAll(".", "_").toUpperCase()}`;
}

/** Reads the table off the schema. */
export function readKeyTable(): KeyTable {
  const rows: KeyRow[] = [];
  const sections = new Map<string, readonly string[]>();
  const visit = (outer: Schema, path: string) => {
    const schema = outer.wrapped ?? outer;
    const meaning = v.getDescription(schema);
    if (schema.entries) {
      sections.set(path, Object.keys(schema.entries));
      for (const [key, entry] of Object.entries(schema.entries)) visit(entry, path ? `${path}.${key}` : key);
    } else if (schema.item && !meaning) {
      visit(schema.item, `${path}[]`);
    } else {
      const metadata = v.getMetadata(schema) as unknown as KeyMetadata;
      const single = !path.includes("[]") && !metadata.type.startsWith("list");
      const isDefault = ["string", "number", "boolean"].includes(typeof outer.default);
      rows.push({
        path,
        meaning: meaning ?? "",
        ...metadata,
        ...(isDefault && { default: outer.default as string | number | boolean }),
        ...(single && { variable: variableName(path) }),
      });
    }
  };
  visit(configSchema as unknown as Schema, "");
  return { rows, sections };
}

/** `dependencies.postgres.assert.0.query` → `dependencies.postgres.assert[].query`. */
export function patternOf(path: string): string {
  return path.replaceAll(/\.\d+(?=\.|$)/g, "[]");
}
