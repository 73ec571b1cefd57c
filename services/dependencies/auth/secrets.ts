import { createRedact, type Redact } from "../../redact.ts";
import type { AuthCandidateOptions } from "../options.ts";
import { basicLogin, formEncode } from "./token-endpoint.ts";

/** What must reach no output: the client's secret and the tokens of the last rounds. */
export interface Secrets {
  readonly redact: Redact;
  learn(secret: string): void;
}

/** Tokens are forgotten after this many: no message of theirs is made later than their own round. */
const KEPT_TOKENS = 16;

/** Knows the secret of the test client in each spelling it is sent in. */
export function createSecrets({ oidc }: AuthCandidateOptions): Secrets {
  const client = oidc?.client;
  const fixed =
    client === undefined
      ? []
      : [
          client.secret,
          formEncode(client.secret),
          basicLogin(client.id, client.secret),
          Buffer.from(`${client.id}:${client.secret}`).toString("base64"),
        ];
  const tokens: string[] = [];
  let current = createRedact(fixed);
  return {
    redact: (text) => current(text),
    learn(secret) {
      tokens.push(secret);
      if (tokens.length > KEPT_TOKENS) tokens.shift();
      current = createRedact([...fixed, ...tokens]);
    },
  };
}
