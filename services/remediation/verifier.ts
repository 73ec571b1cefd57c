import type { Json } from "./action.ts";

/** What is checked after a step, or as a precondition before it; typed, so that nobody greps. Durations in ms. */
export type VerifierCall =
  | {
      readonly kind: "http";
      readonly url: string;
      readonly method?: "GET" | "HEAD";
      readonly status?: number;
      /** JSON pointer → what it must equal. */
      readonly equals?: Readonly<Record<string, Json>>;
      readonly withinMs?: number;
    }
  | {
      readonly kind: "sql";
      readonly dependency: string;
      readonly query: string;
      readonly params?: readonly Json[];
      readonly equals: Json;
      readonly withinMs?: number;
    }
  /** An argument list, never a shell's line. */
  | {
      readonly kind: "exec";
      readonly command: readonly string[];
      readonly exitCode?: number;
      readonly withinMs?: number;
    }
  /** The probe that failed: the dependency must pass so many observations in a row. */
  | {
      readonly kind: "probe";
      readonly dependency: string;
      readonly times?: number;
      readonly withinMs?: number;
    }
  /** A field of a resource, by JSON pointer. */
  | {
      readonly kind: "gcp";
      readonly resource: string;
      readonly pointer: string;
      readonly equals: Json;
      readonly withinMs?: number;
    }
  | {
      readonly kind: "lint";
      readonly what: "markers" | "awaits";
      readonly folder: string;
      readonly withinMs?: number;
    }
  /** That the newest revision of a Cloud Run service is ready, serves, and is what was meant. */
  | {
      readonly kind: "deployment";
      readonly project: string;
      readonly region: string;
      readonly service: string;
      readonly image?: string;
      readonly release?: string;
      readonly withinMs?: number;
    }
  /** The verdict of a suite, or a measured target; the window and the least number of samples are an availability's. */
  | {
      readonly kind: "criterion";
      readonly indicator: string;
      readonly operator: "<" | "<=" | "==" | ">=" | ">";
      readonly target: number;
      readonly windowMs?: number;
      readonly minSamples?: number;
      readonly withinMs?: number;
    };

export type Verified =
  | { readonly kind: "held"; readonly evidence: string }
  | { readonly kind: "broken"; readonly evidence: string }
  /** Not yet, and it may come: asked again until the call's time is up. */
  | { readonly kind: "pending"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** Answers one call, once. Never rejects but with the reason of the signal. */
export type Verify = (call: VerifierCall, signal: AbortSignal) => Promise<Verified>;
