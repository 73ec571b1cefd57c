/** What libpq's connection parameters say about TLS, in our words, and taken out of the URL. */
import type { TlsMode, UrlProblem } from "./connection-url.ts";

/** pg reads `require` as `verify-full`; libpq, which the word comes from, verifies nothing. */
const MODES: Readonly<Record<string, TlsMode>> = {
  disable: "off",
  require: "no-verify",
  "no-verify": "no-verify",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

const SSL: Readonly<Record<string, TlsMode>> = {
  true: "verify-full",
  "1": "verify-full",
  "no-verify": "no-verify",
  false: "off",
  "0": "off",
};

const READ = ["sslmode", "ssl", "sslrootcert", "uselibpqcompat"];
const UNSUPPORTED = ["sslcert", "sslkey", "sslnegotiation"];

export type PostgresTls =
  | { readonly ok: true; readonly url: URL; readonly mode?: TlsMode; readonly caPath?: string }
  | UrlProblem;

/** Reads `sslmode`, `ssl` and `sslrootcert`. */
export function takePostgresTls(given: URL): PostgresTls {
  const url = new URL(given);
  const { searchParams } = url;
  const unsupported = UNSUPPORTED.find((name) => searchParams.has(name));
  if (unsupported) return problem("a URL without client certificates", `the parameter \`${unsupported}\``);
  const sslmode = searchParams.get("sslmode");
  const ssl = searchParams.get("ssl");
  const authority = searchParams.get("sslrootcert");
  const caPath = authority === "system" || !authority ? undefined : authority;
  for (const name of READ) if (searchParams.has(name)) searchParams.delete(name);
  const rest = { url, ...(caPath && { caPath }) };
  if (sslmode === null && ssl === null) return { ok: true, ...rest };
  const mode = sslmode === null ? lookUp(SSL, ssl ?? "") : lookUp(MODES, sslmode);
  if (mode === undefined) return unknownMode(sslmode ?? ssl ?? "");
  // As libpq: with an authority given, `require` verifies the chain.
  return { ok: true, ...rest, mode: sslmode === "require" && caPath ? "verify-ca" : mode };
}

function lookUp(table: Readonly<Record<string, TlsMode>>, key: string): TlsMode | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function unknownMode(value: string): UrlProblem {
  const expected = "`sslmode` to be disable, require, verify-ca or verify-full";
  if (value !== "prefer" && value !== "allow") return problem(expected, "another `sslmode` (not shown)");
  const suggestion = "a check needs one answer: write `disable` or `require`";
  return { ...problem(expected, `\`sslmode=${value}\`, which leaves TLS to chance`), suggestion };
}

function problem(expected: string, found: string): UrlProblem {
  return { ok: false, expected, found };
}
