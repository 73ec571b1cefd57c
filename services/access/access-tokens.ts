import { describeStranger, findPrincipal, type Identity, isServiceAccount } from "./allow-list.ts";
import { createNo, type Decision, type TokenVerifier } from "./decision.ts";
import { GCLOUD_CLIENT_ID, type GoogleTokensOptions, identityIn } from "./google-claims.ts";
import { createRateLimiter } from "./rate-limit.ts";
import { type AskTokenInfo, loadTokenInfo, type TokenInfo } from "./token-info.ts";

/** So many tokens are asked about at the same time, and a second: a flood of unknown ones reaches Google no faster. */
const MAX_UNDER_WAY = 20;
const MAX_PER_SECOND = 50;

/** Google's opaque access tokens, through tokeninfo. */
export function createAccessTokens({ google, rules, clock, refuse }: GoogleTokensOptions): TokenVerifier {
  const no = createNo(refuse);
  const clients = new Set([...google.clientIds, ...(google.gcloud ? [GCLOUD_CLIENT_ID] : [])]);
  let asking: Promise<AskTokenInfo> | undefined;
  let underway = 0;
  const budget = createRateLimiter({ name: "tokeninfo", perSecond: MAX_PER_SECOND, clock });
  const load = (): Promise<AskTokenInfo> => (asking ??= loadTokenInfo(google.tokenInfoUrl));

  async function verify(token: string): Promise<Decision> {
    if (underway >= MAX_UNDER_WAY || !budget.take("").ok) {
      const detail =
        "Too many access tokens are being checked with Google; try again, or send an identity token, which needs no asking.";
      return no("TOKEN_CHECK_UNAVAILABLE", detail, { retryAfter: 1 });
    }
    underway += 1;
    try {
      const ask = await load();
      const answer = await ask(token);
      if (answer.kind === "known") return decide(answer.info);
      return answer.kind === "invalid"
        ? no(
            "TOKEN_UNKNOWN",
            "Google does not know this access token: it has expired, was withdrawn, or never was one.",
            { run: "request" },
          )
        : no(
            "TOKEN_CHECK_UNAVAILABLE",
            "Google does not answer what this access token is; an identity token needs no asking.",
            { retryAfter: 5 },
          );
    } finally {
      underway -= 1;
    }
  }

  function decide(info: TokenInfo): Decision {
    const expiresAt = Number(info.exp) * 1000;
    if (!(expiresAt > clock.now())) return no("TOKEN_EXPIRED", "Its time is over; ask for a new one.");
    const identity = identityIn(info);
    if (identity === undefined) {
      const detail =
        "It was given without the right to see the e-mail address, so nobody can tell whose it is.";
      return no("EMAIL_UNVERIFIED", detail, { run: "accessToken" });
    }
    if (!isOurs(info, identity)) {
      const detail =
        "An access token says for which application it was given, and this one was given to another than gcloud or those in access.clientIds. Whoever runs that application could send it here.";
      return no("TOKEN_CLIENT", detail);
    }
    const principal = findPrincipal(rules, withoutDomain(identity));
    if (principal === undefined)
      return no("PRINCIPAL_NOT_ALLOWED", describeStranger(rules, withoutDomain(identity)));
    return { ok: true, principal, expiresAt };
  }

  /**
   * An access token has no audience: any application that somebody has trusted with the e-mail scope could replay it
   * here. So it has to be of a client that is known, or of a service account, whose tokens are its own.
   */
  function isOurs({ azp, aud, sub }: TokenInfo, { email }: Identity): boolean {
    const client = azp ?? aud;
    if (typeof client !== "string" || (aud !== undefined && aud !== client)) return false;
    if (clients.has(client)) return true;
    return isServiceAccount(email) && UNIQUE_ID.test(client) && (sub === undefined || sub === client);
  }

  return {
    async prepare() {
      await load();
    },
    verify,
  };
}

/** A service account's unique id; OAuth clients are named otherwise. */
const UNIQUE_ID = /^\d{15,30}$/;

/** tokeninfo vouches for no organisation; should it say so one day, that is to be decided then. */
const withoutDomain = ({ email }: Identity): Identity => ({ email });
