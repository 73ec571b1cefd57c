/** The token for one service: had when it is first needed, replaced by that of the next source when it is not accepted. */
import { bareHost } from "../../../services/net/bare-host.ts";
import { isLoopback } from "../../config/listen.ts";
import { EXIT } from "../../exit-codes.ts";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import type { Credential } from "./credential.ts";
import { type Attempt, createSources, readToken } from "./sources.ts";

export interface Bearer {
  /**
   * What to send at once: a token that is set, or one that has been needed before.
   *
   * @throws {CliError} as `after`.
   */
  current(): Promise<Credential | undefined>;
  /**
   * The one to send instead of `refused`; undefined when there is none.
   *
   * @throws {CliError} when it must not go to this service.
   */
  after(refused: Credential | undefined): Promise<Credential | undefined>;
  /** All there were, for redaction. */
  tokens(): readonly string[];
  readonly attempts: readonly Attempt[];
}

/** @throws {CliError} when GREENLIGHT_TOKEN cannot be sent. */
export function createBearer(
  { env, signal, stderr }: Pick<CommandContext, "env" | "signal" | "stderr">,
  base: string,
): Bearer {
  const isSet = readToken(env) !== undefined;
  const sources = createSources({ env, audience: new URL(base).origin, signal });
  const had: Credential[] = [];
  let pending: Promise<Credential | undefined> | undefined;

  async function advance(): Promise<Credential | undefined> {
    const credential = await sources.next();
    if (credential === undefined) return undefined;
    had.push(credential);
    if (isReadableOnTheWay(base)) {
      if (!credential.bound) throw wouldLeak(credential, base);
      stderr.write(`greenlight: the token goes unencrypted to ${base}; use https://.\n`);
    }
    return credential;
  }

  /** Several requests are refused at once: the first to say so asks for all of them. */
  async function after(refused: Credential | undefined): Promise<Credential | undefined> {
    if (refused !== had.at(-1)) return had.at(-1);
    pending ??= advance().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    attempts: sources.attempts,
    tokens: () => had.map(({ token }) => token),
    current: async () => had.at(-1) ?? (isSet ? after(undefined) : undefined),
    after,
  };
}

/** Whether whoever is on the way to it can read what is sent. */
export function isReadableOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && !isLoopback(bareHost(hostname));
}

/** Other services accept it too: whoever reads it on the way is that person there. */
function wouldLeak({ source, kind }: Credential, base: string): CliError {
  return new CliError(
    EXIT.noPermission,
    `${base} wants a token, and the ${kind} (${source}) is good at other services too: it is not sent unencrypted.`,
    {
      hint: "Use https://, a service on this machine, or set GREENLIGHT_TOKEN to a token for this service alone.",
    },
  );
}
