import type { FastifyRequest } from "fastify";
import type { Need } from "../services/access/guard.ts";
import type { Principal } from "../services/access/options.ts";
import type { Rate } from "../services/access/rate-limit.ts";
import type { HeaderList } from "./security-headers.ts";

/** What a request was admitted with. */
export interface Admitted {
  /** Null until the caller is known, and for a caller without a token. */
  readonly principal: Principal | null;
  /** Wall-clock milliseconds at which the token ends. */
  readonly expiresAt: number;
  /** Null where nothing is counted. */
  readonly rate: Rate | null;
  /**
   * Admits the same request again, at a wall-clock time in ms, and gives what `rate` is then; undefined where it has to be
   * looked at anew. Absent where it always has.
   */
  readonly renew?: (now: number) => Rate | null | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Absent in an instance that nobody guards; then nobody is known. */
    admitted?: Admitted | null;
  }
  interface FastifyContextConfig {
    /** Who may ask; a route that does not say needs a reader. */
    access?: "public" | Need;
  }
}

/** Anybody, and not counted: whoever routes to this process asks without a token. */
export const PUBLIC = { access: "public" } as const;
/** Callers without a token get the verdict alone, where the configuration lets them. */
export const VERDICT = { access: "verdict" } as const;

/** Whether the caller may see no more than the verdict. Fails closed: who was not admitted is nobody. */
export const isAnonymous = ({ admitted }: FastifyRequest): boolean => (admitted?.principal ?? null) === null;

const NOTHING: HeaderList = [];

/** What the caller has left; null where nothing is counted. */
export const rateOf = ({ admitted }: FastifyRequest): Rate | null => admitted?.rate ?? null;

/** What the answer says of the limits. */
export const rateHeaders = (rate: Rate | null): HeaderList =>
  rate === null ? NOTHING : ["ratelimit-policy", rate.policy, ...remainingHeaders(rate)];

/** What is left alone: the policy stays the same, and a polled answer need not repeat it. */
export const remainingHeaders = (rate: Rate): HeaderList => ["ratelimit", rate.limit];
