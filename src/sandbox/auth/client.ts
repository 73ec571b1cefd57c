import type { IncomingHttpHeaders } from "node:http";
import { OAuthError } from "./answer.ts";
import type { Issuer } from "./issuer.ts";

interface Credentials {
  id: string;
  secret: string;
}

/**
 * Finds out which client asks, by `client_secret_basic` or `client_secret_post`, and returns its id.
 * Throws `OAuthError`.
 */
export function authenticateClient(
  issuer: Issuer,
  headers: IncomingHttpHeaders,
  form: ReadonlyMap<string, string>,
): string {
  const { config, mode } = issuer;
  const given = credentialsIn(headers, form);
  if (config.mock) {
    return given?.id ?? "anybody";
  }
  if (given === undefined) {
    throw new OAuthError("invalid_client", "Expected a client id with its secret.");
  }
  const known = given.id === config.client.id && given.secret === config.client.secret;
  if (!known || mode === "client-rejected") {
    throw new OAuthError("invalid_client", "There is no such client, or its secret is another.");
  }
  return given.id;
}

function credentialsIn(
  headers: IncomingHttpHeaders,
  form: ReadonlyMap<string, string>,
): Credentials | undefined {
  const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const secret = form.get("client_secret");
  if (basic !== undefined && secret !== undefined) {
    throw new OAuthError("invalid_request", "Expected one way of authenticating the client; found two.");
  }
  if (basic === undefined) {
    return secret === undefined ? undefined : { id: form.get("client_id") ?? "", secret };
  }
  const [, id = "", password = ""] =
    /^([^:]*):([^]*)$/.exec(Buffer.from(basic, "base64").toString("utf8")) ?? [];
  return { id: decoded(id), secret: decoded(password) };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new OAuthError("invalid_client", "The client id or its secret is not form-encoded.");
  }
}
