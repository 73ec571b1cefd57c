/** remediation: a plan as data, its steps, and the engine that applies, verifies and rolls them back. */
import type { Clock } from "../clock.ts";
import type { GcpTransport } from "../gcp/transport.ts";
import type { BreakerCapability, LintCapability, SqlCapability } from "./capability.ts";

/** Plain JSON without secrets: it is journalled, shown and compared. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What one action is about to change. */
export interface Change {
  /** `+` adds, `~` changes, `-` removes, `!` asks a person. */
  readonly symbol: "+" | "~" | "-" | "!";
  /** What it touches: `run service api (acme-stg, us-central1)`. */
  readonly target: string;
  /** By field; undefined where there is none. */
  readonly before: Json;
  readonly after: Json;
}

/** What the world is to one action at one moment. */
export type Assessment =
  /** It has to be done. `prior` is enough to undo it, and to see later whether the world has moved. */
  | { readonly kind: "needed"; readonly change: Change; readonly prior: Json }
  /** The world is already so: applying does nothing, and rolling back must do nothing. */
  | { readonly kind: "satisfied"; readonly evidence: string }
  /** It cannot be done, or is the wrong remedy; the sentence says why and what is right. */
  | { readonly kind: "refused"; readonly because: string }
  /** Nobody can tell: a 403, an API that is off, a server that does not answer. */
  | { readonly kind: "unknown"; readonly because: string };

/** Of an apply or a rollback. Never thrown. */
export type Outcome =
  | { readonly kind: "done"; readonly evidence: string }
  /** Begun, and not in force yet: an operation that runs, IAM that spreads. */
  | { readonly kind: "pending"; readonly because: string }
  | { readonly kind: "failed"; readonly because: string };

/** Where the world is, seen from what was recorded before the change. */
export type Position = "before" | "after" | "between" | "elsewhere";

/** A permission that has to be held before the first change, on what. */
export interface Permission {
  readonly permission: string;
  /** `projects/p`, or the full name of a resource that answers testIamPermissions. */
  readonly resource: string;
}

/** What actions may use; what is absent here they cannot do, and say so. */
export interface Capabilities {
  readonly clock: Clock;
  /** With the service's own identity, for reading. */
  readonly reader?: GcpTransport;
  /** With the remediator's identity. */
  readonly writer?: GcpTransport;
  readonly breakers?: BreakerCapability;
  readonly sql?: SqlCapability;
  readonly lint?: LintCapability;
}

/**
 * One kind of change. Every method but `apply` and `rollback` leaves the world as it is; each may be called again after
 * a crash at any point, so `apply` and `rollback` end at once where the world is already as they would leave it.
 */
export interface Action<P extends Json = Json> {
  /** `run.attach-egress`. */
  readonly kind: string;
  /** Checks what a plan says, naming each fault; nothing else may see what it refuses. */
  parse(
    params: unknown,
  ):
    | { readonly ok: true; readonly params: P }
    | { readonly ok: false; readonly faults: readonly ParamFault[] };
  assess(params: P, can: Capabilities, signal: AbortSignal): Promise<Assessment>;
  apply(params: P, prior: Json, can: Capabilities, signal: AbortSignal): Promise<Outcome>;
  /** Whether what was begun has come into force; polled while it is `pending`. */
  settle(params: P, prior: Json, can: Capabilities, signal: AbortSignal): Promise<Outcome>;
  /** Takes back only what `apply` added to `prior`, and nothing that others have done since. */
  rollback(params: P, prior: Json, can: Capabilities, signal: AbortSignal): Promise<Outcome>;
  /** After a crash. */
  locate(params: P, prior: Json, can: Capabilities, signal: AbortSignal): Promise<Position>;
  /** The equivalent for a person's shell, quoted. */
  command(params: P): string;
  permissions(params: P): readonly Permission[];
  /** Whether undoing it loses something, or applying it ends something that others use. */
  readonly destructive: boolean;
  /** A person does it: it is `pending` until all of the step's verifiers hold. */
  readonly byHand?: true;
}

export interface ParamFault {
  /** `params.region`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}
