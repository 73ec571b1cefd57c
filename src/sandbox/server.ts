import type { OwnFaults } from "./own-faults.ts";

/** What every server of the sandbox offers, whatever it speaks. */
export interface SandboxServer {
  readonly host: string;
  readonly port: number;
  /** Process id, or undefined while the server is down. */
  readonly pid: number | undefined;
  /** Faults of the server itself, beside those of the proxy in front of it. */
  readonly faults?: OwnFaults;
  /** Connection string with credentials; `host` and `port` to go through a proxy. */
  url(options?: UrlOptions): string;
  /** The same with the rights of an administrator. */
  adminUrl(options?: UrlOptions): string;
  /** Sends a signal to the server and all processes that answer for it. Throws `NOT_RUNNING`. */
  signal(signal: NodeJS.Signals): void;
  /** Stops it in an orderly way; `restart` brings it back with its data. */
  stop(): Promise<void>;
  /** Stops it if it runs, then starts it on the same port. Throws `START_FAILED`, `START_TIMEOUT`, `ABORTED`. */
  restart(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** The last output of the current (or last) process. */
  logs(): string;
  /** Calls back at once whenever the process has ended or is being killed; returns how to unsubscribe. */
  onExit(listener: () => void): () => void;
  /** Stops it and removes all it left. */
  close(): Promise<void>;
  /** The same at once and by force, for a process about to exit. */
  destroy(): void;
}

export interface UrlOptions {
  user?: string;
  password?: string;
  database?: string;
  host?: string;
  port?: number;
}

/** Milliseconds a server of the sandbox may take to become ready. */
export const startDeadlineMs = 30_000;
