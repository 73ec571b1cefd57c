/** Where a token comes from: each source in turn, until one gives a token that is accepted. */
import { usageError } from "../cli-error.ts";
import {
  type Credential,
  describeToken,
  NoTokenError,
  type SourceInput,
  type SourceName,
} from "./credential.ts";

/** What came of asking one source. */
export interface Attempt {
  readonly source: SourceName;
  readonly given: boolean;
  /** Why it gave none. */
  readonly reason?: string;
}

export interface Sources {
  /** The next token there is; undefined when there is no further source. */
  next(): Promise<Credential | undefined>;
  /** The sources asked so far. */
  readonly attempts: readonly Attempt[];
}

type Ask = (input: SourceInput) => Promise<string>;

/** In this order; a token in the variable is meant, and so the only one. */
const ASKED: readonly { readonly source: SourceName; readonly load: () => Promise<Ask> }[] = [
  { source: "metadata server", load: async () => (await import("./metadata-server.ts")).askMetadataServer },
  {
    source: "application default credentials",
    load: async () => (await import("./application-default.ts")).askApplicationDefault,
  },
  { source: "gcloud", load: async () => (await import("./gcloud.ts")).askGcloud },
];

/** Nothing is asked before `next()`. */
export function createSources(input: SourceInput): Sources {
  const attempts: Attempt[] = [];
  const steps = walk(input, attempts);
  return {
    attempts,
    async next() {
      const { value } = await steps.next();
      return value ?? undefined;
    },
  };
}

async function* walk(input: SourceInput, attempts: Attempt[]): AsyncGenerator<Credential, undefined> {
  const given = readToken(input.env);
  if (given !== undefined) {
    attempts.push({ source: "GREENLIGHT_TOKEN", given: true });
    yield describeToken("GREENLIGHT_TOKEN", given, input.audience);
    return undefined;
  }
  attempts.push({ source: "GREENLIGHT_TOKEN", given: false, reason: "it is not set" });
  for (const { source, load } of ASKED) {
    const ask = await load();
    try {
      const token = await ask(input);
      attempts.push({ source, given: true });
      yield describeToken(source, token, input.audience);
    } catch (error) {
      if (!(error instanceof NoTokenError)) throw error;
      attempts.push({ source, given: false, reason: error.message });
    }
  }
  return undefined;
}

/**
 * The token of the variable.
 *
 * @throws {CliError} when a header cannot carry it.
 */
export function readToken(env: SourceInput["env"]): string | undefined {
  const token = env.GREENLIGHT_TOKEN || undefined;
  if (token === undefined || /^[\u0021-\u007E]+$/.test(token)) return token;
  throw usageError(
    "GREENLIGHT_TOKEN holds characters that a header cannot carry.",
    "Look for a line break or a space in it.",
  );
}
