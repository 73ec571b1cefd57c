import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Answer, OAuthError } from "./answer.ts";
import { describeHealth, describeIssuer, describeKeys } from "./describe.ts";
import { readForm } from "./form.ts";
import { introspect, tellUser } from "./introspect.ts";
import type { Issuer } from "./issuer.ts";
import { issueToken } from "./token.ts";

/** Answers all endpoints; everything else is 404, as of a service that knows what it is for. */
export function createHandler(issuer: Issuer): RequestListener {
  return (request, response) => {
    void answer(issuer, request).then(
      (found) => send(issuer, response, found),
      (error: unknown) =>
        error instanceof OAuthError
          ? send(issuer, response, error.answer())
          : response.destroy(error instanceof Error ? error : undefined),
    );
  };
}

async function answer(issuer: Issuer, request: IncomingMessage): Promise<Answer> {
  const { headers } = request;
  const { pathname } = new URL(request.url ?? "/", "http://sandbox");
  if (issuer.mode === "answers-everything") {
    return describeHealth(issuer);
  }
  if (issuer.mode === "redirects") {
    return { status: 302, body: {}, headers: { location: `https://elsewhere.example${pathname}` } };
  }
  switch (`${request.method} ${pathname}`) {
    case "GET /health":
      return describeHealth(issuer);
    case "GET /.well-known/openid-configuration":
      return describeIssuer(issuer, headers);
    case "GET /jwks":
      return describeKeys(issuer);
    case "POST /token":
      return issueToken(issuer, headers, await readForm(request));
    case "POST /introspect":
      return introspect(issuer, headers, await readForm(request));
    case "GET /userinfo":
      return tellUser(issuer, headers);
    default:
      return { status: 404, body: { error: "not_found", error_description: "There is nothing here." } };
  }
}

function send(issuer: Issuer, response: ServerResponse, { status, body, headers }: Answer): void {
  // Node would write its own, right time.
  response.sendDate = false;
  response.writeHead(status, {
    date: new Date(issuer.now()).toUTCString(),
    "content-type": "application/json",
    ...headers,
  });
  response.end(JSON.stringify(body));
}
