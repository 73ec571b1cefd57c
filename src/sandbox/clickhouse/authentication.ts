import type { IncomingMessage } from "node:http";
import { ClickHouseFailure } from "./failure.ts";
import { headerOf } from "./request.ts";

/** A user of the server. */
export interface ClickHouseUser {
  name: string;
  password: string;
  /** What he may do at the start, for example `SELECT, INSERT ON app.*`. */
  grants: readonly string[];
  /** Settings he always has, for example `{ readonly: "1" }`. */
  settings?: Readonly<Record<string, string>>;
}

interface Credentials {
  name: string;
  password: string;
  given: boolean;
}

/**
 * Finds out who asks. The engine in this process knows one user only, so passwords are checked here,
 * with the answers of the server. Throws `ClickHouseFailure` 194 (nothing given) or 516.
 */
export function authenticate(
  request: IncomingMessage,
  url: URL,
  users: readonly ClickHouseUser[],
): ClickHouseUser {
  const { name, password, given } = credentialsOf(request, url);
  const user = users.find((each) => each.name === name && each.password === password);
  if (user !== undefined) {
    return user;
  }
  const text = `${name}: Authentication failed: password is incorrect, or there is no user with such name.`;
  // With nothing given the server asks for a password, so that a browser shows its dialogue.
  throw given
    ? new ClickHouseFailure(516, "AUTHENTICATION_FAILED", text)
    : new ClickHouseFailure(194, "REQUIRED_PASSWORD", text);
}

function credentialsOf(request: IncomingMessage, url: URL): Credentials {
  const basic = /^Basic (.+)$/i.exec(headerOf(request, "authorization") ?? "")?.[1];
  const headerUser = headerOf(request, "x-clickhouse-user");
  const headerKey = headerOf(request, "x-clickhouse-key");
  const inHeaders = headerUser !== undefined || headerKey !== undefined;
  const inUrl = url.searchParams.has("user") || url.searchParams.has("password");
  if ([basic !== undefined, inHeaders, inUrl].filter(Boolean).length > 1) {
    const text =
      "Invalid authentication: it is not allowed to use different authorization schemes simultaneously";
    throw new ClickHouseFailure(516, "AUTHENTICATION_FAILED", text);
  }
  if (basic !== undefined) {
    const [, name, password] = /^([^:]*):?([^]*)$/.exec(Buffer.from(basic, "base64").toString("utf8")) ?? [];
    return { name: name || "default", password: password ?? "", given: true };
  }
  return {
    name: headerUser ?? url.searchParams.get("user") ?? "default",
    password: headerKey ?? url.searchParams.get("password") ?? "",
    given: inHeaders || inUrl,
  };
}
