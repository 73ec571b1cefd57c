/** Asks Google what an access token is: the one place that sends a caller's token on, and to this one address. */

/** What Google says about a token; all values as they came. */
export type TokenInfo = Readonly<Record<string, unknown>>;

export type TokenInfoAnswer =
  | { readonly kind: "known"; readonly info: TokenInfo }
  /** Google does not know it: expired, revoked, or never one. */
  | { readonly kind: "invalid" }
  | { readonly kind: "unavailable" };

export type AskTokenInfo = (token: string) => Promise<TokenInfoAnswer>;

/** Google has this long to answer, in ms. */
const ANSWER_MS = 3000;

/** Loads google-auth-library, which takes a while, and gives the function that asks through it. */
export async function loadTokenInfo(url: string | undefined): Promise<AskTokenInfo> {
  const { OAuth2Client } = await import("google-auth-library");
  const client = new OAuth2Client(url === undefined ? {} : { endpoints: { tokenInfoUrl: url } });
  // The library retries by itself, without a limit of time, and follows redirects: a token goes nowhere else, and nobody
  // waits for a fourth try.
  client.transporter.interceptors.request.add({
    resolved: (config) =>
      Promise.resolve(
        Object.assign(config, {
          retry: false,
          retryConfig: { retry: 0, noResponseRetries: 0 },
          redirect: "error",
          signal: AbortSignal.timeout(ANSWER_MS),
        }),
      ),
  });
  return async function askTokenInfo(token) {
    try {
      return { kind: "known", info: (await client.getTokenInfo(token)) as unknown as TokenInfo };
    } catch (error) {
      // An answer without `scope` makes the library read a member of undefined.
      if (error instanceof TypeError && /reading 'split'/.test(error.message)) return { kind: "invalid" };
      const { status } = error as { status?: unknown };
      return { kind: status === 400 || status === 401 ? "invalid" : "unavailable" };
    }
  };
}
