import type { Detection } from "../context/detect.ts";

export interface WriteRequest {
  /** What the plan says it is for. */
  readonly planned: string;
  /** What the configuration calls this environment; `unknown` where it says nothing. */
  readonly configured: string;
  readonly detection: Pick<Detection, "environment" | "mayWrite" | "vetoes">;
  /** Named by a person beside the digest: `--approve-environment`. */
  readonly approved?: string | undefined;
}

export type WritePermission =
  | { readonly kind: "permitted" }
  /** The plan is for elsewhere; nobody can approve that. */
  | { readonly kind: "elsewhere"; readonly because: string }
  /** A person has to name the environment. */
  | { readonly kind: "unapproved"; readonly because: string; readonly approve: string };

/**
 * Whether a plan may be applied here. It has to be for the environment that this is, by the name that the configuration
 * gives it or by its kind. Production, what is not known, and what something vetoes are written to only when a person
 * names them, letter by letter as the plan does.
 */
export function permitWrite({ planned, configured, detection, approved }: WriteRequest): WritePermission {
  const names = configured === "unknown" ? [detection.environment] : [configured, detection.environment];
  if (!names.includes(planned)) {
    const here = [...new Set(names)].join(", by what surrounds it ");
    return { kind: "elsewhere", because: `the plan is for ${planned}, and this is ${here}` };
  }
  if (detection.mayWrite || approved === planned) return { kind: "permitted" };
  const said = approved === undefined ? "" : `; approved was ${approved}, and the plan is for ${planned}`;
  return { kind: "unapproved", because: `${detection.vetoes.join("; ")}${said}`, approve: planned };
}
