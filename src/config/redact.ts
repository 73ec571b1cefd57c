/** What a message may say of a value that was found. Nothing shown here can carry a credential. */
import { nearest } from "./suggest.ts";

const SHOWN = 40;
const SCHEMES = new Set(
  (
    "postgres postgresql clickhouse clickhouses redis rediss valkey valkeys http https ws wss tcp file ftp " +
    "mysql mariadb mongodb mongodb+srv jdbc amqp"
  ).split(" "),
);

/** Says what kind of value was found, and shows it when it is short, plain and not `secret`. */
export function describeFound(value: unknown, secret = false): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (the key has no value)";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (secret) return typeof value === "string" ? hidden(value) : `a ${typeof value}`;
  if (typeof value !== "string") return JSON.stringify(value);
  if (value.length > SHOWN || !/^[\w .,+%-]*$/.test(value)) return hidden(value);
  return `\`${value}\``;
}

/** A URL as scheme and length: a malformed one may carry its password anywhere. */
export function describeUrl(text: string): string {
  const scheme = /^([a-z+]{2,20}):\/\//i.exec(text)?.[1]?.toLowerCase();
  const known = scheme !== undefined && SCHEMES.has(scheme);
  if (known) return `\`${scheme}://…\` (${text.length} characters, not shown)`;
  return scheme === undefined ? hidden(text) : `another scheme (${text.length} characters, not shown)`;
}

/** The misspelt scheme's right spelling, if it is near one of `schemes`. */
export function nearestScheme(text: string, schemes: readonly string[]): string | undefined {
  const scheme = /^([\w+]{2,20}):/.exec(text)?.[1];
  return scheme && nearest(scheme, schemes);
}

/**
 * A key may be shown when it looks like one of ours: words. What a broken line leaves of a URL becomes a key too, and a
 * password has digits more often than not; the place tells where it is.
 */
export function describeKey(key: string): string {
  return /^[A-Za-z_][A-Za-z_-]{0,39}$/.test(key)
    ? `\`${key}\``
    : `a key of ${key.length} characters, not shown`;
}

function hidden(text: string): string {
  return `text of ${text.length} characters (not shown)`;
}
