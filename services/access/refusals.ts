/** Why a request is refused: one table, from which status, title and command come. */
import type { Commands } from "./commands.ts";

interface Entry {
  readonly status: 401 | 403 | 429 | 503;
  readonly title: string;
  readonly run: keyof Commands;
}

const REFUSALS = {
  TOKEN_MISSING: { status: 401, title: "A token is needed", run: "request" },
  TOKEN_MALFORMED: { status: 401, title: "What was sent is no token", run: "request" },
  TOKEN_TOO_LONG: { status: 401, title: "The token is too long", run: "request" },
  AUTHORIZATION_REPEATED: { status: 401, title: "More than one token was sent", run: "request" },
  SCHEME_UNSUPPORTED: { status: 401, title: "Another scheme than Bearer was sent", run: "request" },
  TOKEN_UNKNOWN: { status: 401, title: "The token is not known", run: "whoami" },
  TOKEN_ALGORITHM: {
    status: 401,
    title: "The token is signed in a way that is not accepted",
    run: "request",
  },
  TOKEN_SIGNATURE: { status: 401, title: "The token's signature is wrong", run: "request" },
  TOKEN_KEY_UNKNOWN: {
    status: 401,
    title: "The token is signed with a key Google does not publish",
    run: "request",
  },
  TOKEN_EXPIRED: { status: 401, title: "The token has expired", run: "request" },
  TOKEN_LIFETIME: { status: 401, title: "The token is made to live too long", run: "request" },
  TOKEN_NOT_YET_VALID: { status: 401, title: "The token is not valid yet", run: "request" },
  TOKEN_AUDIENCE: { status: 401, title: "The token is made for somebody else", run: "audience" },
  TOKEN_ISSUER: { status: 401, title: "The token is not from Google", run: "request" },
  TOKEN_UNSIGNED: { status: 401, title: "The token's signature was removed", run: "request" },
  TOKEN_SIGNED: { status: 401, title: "The platform has not checked this token", run: "request" },
  EMAIL_UNVERIFIED: { status: 401, title: "The token proves no e-mail address", run: "audience" },
  TOKEN_CLIENT: { status: 403, title: "The token was given to another application", run: "request" },
  PRINCIPAL_NOT_ALLOWED: { status: 403, title: "You are not on the list", run: "whoami" },
  ROLE_REQUIRED: { status: 403, title: "This needs the role operator", run: "whoami" },
  RATE_LIMITED: { status: 429, title: "Asked too often", run: "follow" },
  TOKEN_CHECK_UNAVAILABLE: { status: 503, title: "The token cannot be checked now", run: "retry" },
  PLATFORM_NOT_CHECKING: { status: 403, title: "The platform does not check who asks", run: "closePlatform" },
} as const satisfies Record<string, Entry>;

export type RefusalCode = keyof typeof REFUSALS;

export const REFUSAL_CODES = Object.keys(REFUSALS) as readonly RefusalCode[];

export interface Refusal {
  readonly code: RefusalCode;
  readonly status: Entry["status"];
  readonly title: string;
  /** What was wrong; holds no part of the token. */
  readonly detail: string;
  /** The command to run instead. */
  readonly run: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

export interface RefuseMore {
  /** Another command than the table's. */
  readonly run?: keyof Commands;
  /** Seconds. */
  readonly retryAfter?: number;
}

export type Refuse = (code: RefusalCode, detail: string, more?: RefuseMore) => Refusal;

export function createRefuse(commands: Commands): Refuse {
  return function refuse(code, detail, { run, retryAfter } = {}) {
    const entry = REFUSALS[code];
    return {
      code,
      status: entry.status,
      title: entry.title,
      detail,
      run: commands[run ?? entry.run],
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  };
}
