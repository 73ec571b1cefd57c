import type { KnownEnvironment, Tier } from "./kinds.ts";

/** What a dependency told when it was asked which environment it is. */
export type Declaration =
  | { readonly dependency: string; readonly kind: "told"; readonly text: string }
  | { readonly dependency: string; readonly kind: "missing"; readonly message: string }
  | { readonly dependency: string; readonly kind: "unreadable"; readonly message: string };

/** A name that a configured URL carries; never a credential. */
export interface UrlName {
  readonly dependency: string;
  readonly part: "host" | "database";
  readonly text: string;
}

/** All that detection looks at, gathered beforehand. */
export interface ContextInputs {
  /** `--env`. */
  readonly flag?: string;
  /** Empty when nobody was asked. */
  readonly declared: readonly Declaration[];
  /** Who was not asked, although it could declare its environment. */
  readonly unasked: readonly string[];
  /** The declared name of the configuration, and the variable or key that sets it. */
  readonly named?: { readonly source: string; readonly name: string };
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly urls: readonly UrlName[];
  /** Of Kubernetes, as the service account's file tells it. */
  readonly namespace?: string;
  /** Names of the files in the folder. */
  readonly files: readonly string[];
}

/** One thing that says, or might have said, which environment this is. No field holds the value of a variable. */
export interface Evidence {
  readonly tier: Tier;
  /** Who says it, the same in every run: `--env`, `NODE_ENV`, `postgres`. */
  readonly source: string;
  /** Absent when it names no environment, or several. */
  readonly says?: KnownEnvironment;
  /** Whether it points at production, alone or beside others. */
  readonly production: boolean;
  readonly detail: string;
  /** In hundredths. */
  readonly weight: number;
  /** A way of building, which many images set to `production` whatever they are for; whatever is stronger overrules it. */
  readonly mode?: true;
  /** What could not be had or understood, where it was to be a statement. */
  readonly trouble?: "missing" | "unreadable" | "not understood";
}

/** How a piece of evidence stands to what was decided. */
export type Standing = "decides" | "agrees" | "contradicts" | "neutral" | "silent";

export interface JudgedEvidence extends Evidence {
  readonly standing: Standing;
}
