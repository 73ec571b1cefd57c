import type { Refusal, Refuse } from "./refusals.ts";

/** Longer than any token that Google makes; Node itself refuses headers of more than 16 KiB together. */
export const MAX_TOKEN_LENGTH = 8 * 1024;

const SCHEME = "Bearer ";

export type Bearer =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Takes the token out of a header (RFC 6750, 2.1), without looking at what it is. */
export function readBearer(header: string | undefined, repeated: boolean, refuse: Refuse): Bearer {
  if (repeated) {
    const detail =
      "The request has two Authorization headers; send one. Whichever is meant, nobody can tell.";
    return { kind: "refused", refusal: refuse("AUTHORIZATION_REPEATED", detail) };
  }
  if (header === undefined) return { kind: "none" };
  if (!header.startsWith(SCHEME) && header.slice(0, SCHEME.length).toLowerCase() !== "bearer ") {
    return { kind: "refused", refusal: refuseScheme(header, refuse) };
  }
  const token = header.slice(SCHEME.length).trim();
  if (token.length > MAX_TOKEN_LENGTH) {
    const detail = `The token has ${token.length} characters; at most ${MAX_TOKEN_LENGTH} are accepted.`;
    return { kind: "refused", refusal: refuse("TOKEN_TOO_LONG", detail) };
  }
  return { kind: "token", token };
}

const TOKEN68 = /^[\w.~+/-]+=*$/;

/** Whether it is made of the characters of a token; asked once for each token, not for each request. */
export const isTokenText = (token: string): boolean => TOKEN68.test(token);

export function refuseMalformed(token: string, refuse: Refuse): Refusal {
  return refuse(
    "TOKEN_MALFORMED",
    token === ""
      ? "There is no token after Bearer; the command that was to print one printed nothing."
      : "After Bearer there is something that is no token: it holds spaces or other characters that tokens do not have.",
  );
}

function refuseScheme(header: string, refuse: Refuse): Refusal {
  if (/^bearer$/i.test(header.trim())) return refuseMalformed("", refuse);
  const scheme = /^(?:basic|digest|negotiate|token|apikey|aws4-hmac-sha256)(?= )/i.exec(header)?.[0];
  return refuse(
    "SCHEME_UNSUPPORTED",
    `The Authorization header has to start with Bearer${scheme === undefined ? "" : `; ${scheme} was sent`}.`,
  );
}
