/** What actions and verifiers may use of what is near at hand; made in src, absent where it cannot be had. */
import type { Cause } from "../causes.ts";
import { GreenlightError } from "../errors.ts";
import type { BreakerState } from "../probe/breaker.ts";
import type { Json } from "./action.ts";

/** The breakers of the service that runs this; a command line has none. */
export interface BreakerCapability {
  /** Undefined where nothing of that name is observed. */
  state(dependency: string): BreakerState | undefined;
  /**
   * Has the server tried now, by a real observation, whatever the reset time says. Resolves with the state which that
   * led to; `closed` says that the trial was answered, and nothing about health.
   */
  reset(dependency: string, signal: AbortSignal): Promise<BreakerState | undefined>;
}

export type Row = Readonly<Record<string, Json>>;

/** Statements on configured Postgres servers, as their configured users. */
export interface SqlCapability {
  /**
   * One statement in a read-only transaction that the server itself ends in time; values are bound, never spliced in.
   * A connection of its own, which is closed. Rejects with {@link SqlError}, or the reason of the signal.
   */
  query(
    dependency: string,
    text: string,
    params: readonly Json[],
    signal: AbortSignal,
  ): Promise<readonly Row[]>;
}

/** Why a statement was not answered. */
export class SqlError extends GreenlightError {
  /** Absent where no Postgres of that name is configured. */
  readonly fault: Cause | undefined;
  constructor(message: string, fault?: Cause) {
    super("SQL", message);
    this.name = "SqlError";
    this.fault = fault;
  }
}

export type LintKind = "markers" | "awaits";

/** Digests are SHA-256 of the bytes, hexadecimal. */
export interface FileChange {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** Changes of files that belong together: they are made, and taken back, all of them. */
export interface FileChanges {
  /** Of the project, absolute. */
  readonly root: string;
  /** In the order of their names. */
  readonly files: readonly FileChange[];
}

export interface LintLook extends FileChanges {
  /** Warnings and errors. */
  readonly findings: number;
  /** Those of them that the changes put right. */
  readonly fixable: number;
}

export interface RefusedFile {
  readonly file: string;
  readonly reason: string;
}

/** The lint of a suite, with a journal outside of its tree. Rejects with an Error that names the place, or the signal's reason. */
export interface LintCapability {
  /** What a fix would change now. */
  look(kind: LintKind, folder: string, signal: AbortSignal): Promise<LintLook>;
  /** Makes these changes, or finishes them; refuses where the tree is another than they were made for. */
  fix(
    kind: LintKind,
    folder: string,
    changes: FileChanges,
    signal: AbortSignal,
  ): Promise<readonly RefusedFile[]>;
  /** How each file stands to these changes, in their order. */
  states(changes: FileChanges): Promise<readonly ("before" | "after" | "changed" | "gone")[]>;
  /**
   * Takes back what `fix` recorded of these changes, and nothing where it recorded nothing. Refuses all when one file
   * has been changed since.
   */
  undo(changes: FileChanges): Promise<readonly RefusedFile[]>;
  /** Warnings and errors. */
  count(kind: LintKind, folder: string, signal: AbortSignal): Promise<number>;
}
