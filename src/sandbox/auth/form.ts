import type { IncomingMessage } from "node:http";
import { OAuthError } from "./answer.ts";

const longest = 64 * 1024;

/** Reads a form, each parameter once (RFC 6749, 3.2). Throws `OAuthError` `invalid_request`. */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new OAuthError("invalid_request", "Expected a body of type application/x-www-form-urlencoded.");
  }
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > longest) {
      throw new OAuthError("invalid_request", `Expected a body of ${longest} bytes at most.`);
    }
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (form.has(name)) {
      throw new OAuthError("invalid_request", "Expected each parameter once.");
    }
    // RFC 6749, 3.2: a parameter without a value counts as left out.
    if (value !== "") {
      form.set(name, value);
    }
  }
  return form;
}
