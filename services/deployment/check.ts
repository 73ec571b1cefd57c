/** One thing about a deployment that holds or not. */
export type CheckStatus = "pass" | "warn" | "fail" | "pending" | "unknown";

export interface DeploymentCheck {
  readonly name: "reconciled" | "traffic" | "image" | "release" | "manifest" | "ready" | "dependencies";
  readonly status: CheckStatus;
  /** One sentence. */
  readonly evidence: string;
  /** What to do; absent when it holds. */
  readonly nextStep?: string;
}

/** What the service says at its own address. */
export type SelfAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly body: unknown }
  | { readonly kind: "silent"; readonly because: string };
