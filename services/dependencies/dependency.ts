/** dependencies: one adapter per kind of server, with the same names in each; no retries, no schedule, no state of health. */
import type { ConnectionOptions } from "node:tls";
import type { Cause, CauseCode, Rung } from "../causes.ts";
import type { CheckAddress } from "../net/address-guard.ts";
import type { Endpoint } from "../net/connect.ts";
import type { Redact } from "../redact.ts";
import type { Assurance, Deadlines, DependencyKind } from "./options.ts";

/** Where a dependency is, without any secret: safe to show to an authorised caller. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly endpoint: Endpoint;
  readonly user?: string;
  readonly database?: string;
  /** Present when the connection is to be encrypted. */
  readonly tls?: ConnectionOptions;
  /** How TLS begins on this protocol. */
  readonly negotiation: "direct" | "postgres";
  /** Judges each address that `host` resolves to; absent where every address may be asked. */
  readonly checkAddress?: CheckAddress;
}

/** One open connection of an adapter, fresh or held. */
export interface Connection {
  /** One round trip that proves the server answers queries; may tell something worth a note on its rung. */
  query(signal: AbortSignal): Promise<string | void>;
  /** The configured expectations about content, and what held of them; throws `CauseError` or the driver's error. */
  assert(signal: AbortSignal): Promise<string | void>;
  /**
   * One text that the server keeps, named by a statement, a key or a JSON pointer, as the kind has it; undefined when it
   * is not there. Changes nothing. Absent where there is nothing to be read.
   */
  read?(what: string, signal: AbortSignal): Promise<string | undefined>;
  /** The rows of one statement in a read-only transaction with a time limit. For Postgres alone. */
  rows?(
    text: string,
    params: readonly unknown[],
    signal: AbortSignal,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What the server says of itself, such as `PostgreSQL 18.1`, once a query has succeeded; costs nothing to ask. */
  version?(): string | undefined;
  /** Resolves when the other side ends the connection; never rejects. */
  readonly lost: Promise<void>;
  /** Ends it at once, without a farewell, and frees its socket. */
  destroy(): void;
}

/** What the probe needs of a server. The adapters keep the drivers' types to themselves. */
export interface Dependency {
  readonly name: string;
  readonly kind: DependencyKind;
  readonly required: boolean;
  readonly intervalMs: number;
  readonly warnAboveMs: number | undefined;
  readonly deadlines: Deadlines;
  readonly target: Target;
  /** Knows this dependency's own secrets. */
  readonly redact: Redact;
  /** True when there is something to assert, so that the ladder shows the rung. */
  readonly asserts: boolean;
  /** TCP, TLS and login; throws the driver's error. */
  open(signal: AbortSignal): Promise<Connection>;
  /** Names the cause of anything that `open`, `query` or `assert` threw while on `rung`. */
  classify(error: unknown, rung: Rung): Cause;
  /** True when the server itself answered with an error, so that the connection is still good. */
  answered(error: unknown): boolean;
  /** Present when one of several servers is to serve, each of which is probed by itself. */
  readonly discovery?: Discovery;
}

/** One of several servers that may serve. */
export interface Candidate {
  readonly name: string;
  readonly kind: Assurance;
  /** Why it may not serve although it is healthy. */
  readonly barred?: { readonly code: CauseCode; readonly message: string };
  readonly dependency: Dependency;
}

/** What was found of one candidate; without a cause it is healthy. */
export interface CandidateFinding {
  readonly name: string;
  readonly kind: Assurance;
  readonly serves: boolean;
  readonly cause?: Cause;
}

/** What a discovery came to: who serves, or why nobody does; what was found of each, in order of priority. */
export interface DiscoveryResult {
  readonly serving?: { readonly name: string; readonly assurance: Assurance };
  readonly candidates: readonly CandidateFinding[];
  /** Why it is not a plain pass: a warning of the one that serves, or the first candidate's failure. */
  readonly cause?: Cause;
}

export interface Discovery {
  /** In order of priority. */
  readonly candidates: readonly Candidate[];
  /** Pure: who serves, given the cause (undefined: healthy) found for each candidate, in the same order. */
  choose(causes: readonly (Cause | undefined)[]): DiscoveryResult;
  /** The result of the last discovery; undefined before the first. */
  last(): DiscoveryResult | undefined;
}
