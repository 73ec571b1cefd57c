import type { Attempt } from "../commands/credentials/sources.ts";
import type { Credential } from "../commands/credentials/credential.ts";

/** What a service says to the token. */
export type ServiceAnswer =
  | { readonly outcome: "accepted" | "open"; readonly url: string; readonly status: number }
  | {
      readonly outcome: "refused" | "unexpected";
      readonly url: string;
      readonly status: number;
      readonly code?: string;
      readonly detail?: string;
      readonly run?: string;
    }
  | { readonly outcome: "not asked" | "unreachable"; readonly url: string; readonly detail: string };

/** What `auth whoami` shows: everything about the token but the token. */
export interface WhoamiReport {
  readonly schemaVersion: 1;
  readonly command: "auth whoami";
  readonly exitCode: number;
  /** Whom the token was asked for. */
  readonly audience: string;
  readonly credential: Omit<Credential, "token"> | null;
  readonly tried: readonly Attempt[];
  readonly service?: ServiceAnswer;
}
