import { isIP } from "node:net";
import { type Rung, RUNGS } from "../causes.ts";
import { bareHost } from "../net/bare-host.ts";
import type { CauseView, Check } from "../health/check.ts";
import type { Evidence } from "./root-cause.ts";

/** One dependency that does not pass, as far as a chain needs it. */
export interface Symptom {
  readonly dependency: string;
  readonly status: "fail" | "warn" | "unknown";
  readonly cause: CauseView;
  /** Rungs that held, in order. */
  readonly held: readonly Rung[];
  readonly host?: string;
  readonly port?: number;
  readonly kind: string;
  readonly breakerOpen: boolean;
  /** A climb made for the question held, though the last observation did not. */
  readonly answers: boolean;
}

/** Undefined for a check that passes, or that says nothing of why it does not. `answers`: a climb made now holds. */
export function symptomOf(check: Check, answers = false): Symptom | undefined {
  const { name, kind, status, cause, rungs = [], target, breaker } = check;
  if (status === "pass" || cause === undefined) return undefined;
  const broken = RUNGS.indexOf(cause.rung);
  const held = rungs.flatMap((each) =>
    each.status === "pass" && RUNGS.indexOf(each.rung) < broken ? [each.rung] : [],
  );
  return {
    dependency: name,
    status,
    cause,
    held,
    ...(target?.host === undefined ? {} : { host: target.host }),
    ...(target?.port === undefined ? {} : { port: target.port }),
    kind,
    breakerOpen: breaker.state === "open",
    answers,
  };
}

/** Where an address leads, as far as it says so itself. */
export type AddressKind =
  /** RFC 1918, RFC 6598 and unique local IPv6: reached from inside a network alone. */
  | "private"
  | "public"
  /** This machine: a proxy or a socket that stands for the server. */
  | "local"
  /** A name: its address is not known here. */
  | "name";

const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i;
const LOCAL = /^(?:127\.|::1$|::ffff:127\.)/i;

export function addressKind(host: string | undefined): AddressKind {
  if (host === undefined) return "name";
  if (host.startsWith("/")) return "local";
  const bare = bareHost(host);
  if (bare === "localhost" || bare.endsWith(".localhost") || LOCAL.test(bare)) return "local";
  if (isIP(bare) === 0) return "name";
  return PRIVATE.test(bare) ? "private" : "public";
}

export const observationOf = ({ dependency, status, cause }: Symptom): Evidence => ({
  kind: "observation",
  source: dependency,
  found: `${status}: ${cause.code} at ${cause.rung}`,
});

export const rungOf = ({ dependency, cause }: Symptom): Evidence => ({
  kind: "rung",
  source: `${cause.rung} of ${dependency}`,
  found: cause.evidence === undefined ? cause.message : `${cause.message} (${cause.evidence})`,
});
