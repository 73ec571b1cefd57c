import { CauseError } from "../../errors.ts";
import type { HttpAnswer } from "../../net/http-request.ts";
import type { AuthCandidateOptions } from "../options.ts";
import type { DiscoveryDocument } from "./discovery-document.ts";
import { type AuthHttp, expectNoRedirect, isSuccess, objectIn } from "./http.ts";

export type TestClient = NonNullable<NonNullable<AuthCandidateOptions["oidc"]>["client"]>;

/** A token as issued; it must reach no output. */
export interface IssuedToken {
  readonly token: string;
  /** The scopes granted, as far as the service told them. */
  readonly scope: readonly string[];
}

export interface ClientRequest {
  readonly http: AuthHttp;
  readonly client: TestClient;
  readonly document: DiscoveryDocument;
  readonly signal: AbortSignal;
}

/** How a client proves who it is (RFC 6749, 2.3.1). */
const METHODS = ["client_secret_basic", "client_secret_post"] as const;
type Method = (typeof METHODS)[number];

/**
 * Has a token issued to the test client (RFC 6749, 4.4), in the first way of authenticating that the service supports,
 * and in the second where it rejects the first.
 *
 * @throws {CauseError} `CLIENT_REJECTED`, `TOKEN_NOT_ISSUED`, `HTTP_REDIRECTED`; what the HTTP client throws.
 */
export async function obtainToken(request: ClientRequest): Promise<IssuedToken> {
  const { client, document } = request;
  const url = document.tokenEndpoint;
  if (url === undefined) throw new CauseError("TOKEN_NOT_ISSUED", "the service has no token endpoint");
  const form = {
    grant_type: "client_credentials",
    ...(client.scope === undefined ? {} : { scope: client.scope }),
    ...(client.audience === undefined ? {} : { audience: client.audience }),
  };
  const answer = await postAsClient(request, url, form);
  const json = objectIn(answer);
  const error = errorCode(json);
  if (answer.status === 401 || answer.status === 403 || REJECTIONS.has(error ?? ""))
    throw new CauseError("CLIENT_REJECTED", `${url.pathname} answered ${said(answer, error)}`);
  const token = json?.["access_token"];
  if (!isSuccess(answer) || typeof token !== "string" || token === "")
    throw new CauseError("TOKEN_NOT_ISSUED", `${url.pathname} answered ${said(answer, error)}, and no token`);
  const scope = typeof json?.["scope"] === "string" ? json["scope"] : (client.scope ?? "");
  return { token, scope: scope.split(" ").filter((each) => each !== "") };
}

/** RFC 6749, 5.2. */
const REJECTIONS: ReadonlySet<string> = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
]);

/** Posts a form with the client's credentials. */
export async function postAsClient(
  { http, client, document, signal }: ClientRequest,
  url: URL,
  form: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const methods = METHODS.filter((method) => document.tokenAuthMethods.includes(method));
  if (methods.length === 0) {
    throw new CauseError(
      "CLIENT_REJECTED",
      `expected the service to take ${METHODS.join(" or ")}, found neither in its discovery document`,
    );
  }
  let answer: HttpAnswer | undefined;
  for (const method of methods) {
    answer = await http.ask({ ...authenticated(method, client, form), url, signal });
    expectNoRedirect(answer, url);
    const refused = answer.status === 401 || errorCode(objectIn(answer)) === "invalid_client";
    if (!refused) return answer;
  }
  return answer as HttpAnswer;
}

function authenticated(
  method: Method,
  { id, secret }: TestClient,
  form: Readonly<Record<string, string>>,
): { method: "POST"; headers: Record<string, string>; body: string } {
  const basic = method === "client_secret_basic";
  const body = new URLSearchParams(basic ? form : { ...form, client_id: id, client_secret: secret });
  return {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...(basic ? { authorization: `Basic ${basicLogin(id, secret)}` } : {}),
    },
    body: body.toString(),
  };
}

/** Both parts are form-encoded before they are joined (RFC 6749, 2.3.1). */
export const basicLogin = (id: string, secret: string): string =>
  Buffer.from(`${formEncode(id)}:${formEncode(secret)}`).toString("base64");

export const formEncode = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);

/** The `error` of an OAuth answer when it is a plain code; anything longer could repeat what was sent. */
function errorCode(json: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const error = json?.["error"];
  return typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}

const said = ({ status }: HttpAnswer, error: string | undefined): string =>
  error === undefined ? `${status}` : `${status} ${error}`;
