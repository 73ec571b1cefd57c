import { createHash } from "node:crypto";
import type { AccessOptions, Rule } from "../../services/access/options.ts";

export type Guarded = Exclude<AccessOptions, { mode: "none" }>;

const common = {
  public: "nothing",
  rules: [],
  // A test asks more often than people do.
  limits: { perPrincipal: 100_000, perAddress: 100_000 },
  trustedProxies: 0,
} as const;

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export const tokenRule = (name: string, token: string, role: Rule["role"] = "reader"): Rule => ({
  member: { kind: "token", name, sha256: sha256(token) },
  role,
});

export const userRule = (email: string, role: Rule["role"] = "reader"): Rule => ({
  member: { kind: "user", email },
  role,
});

export const accountRule = (email: string, role: Rule["role"] = "reader"): Rule => ({
  member: { kind: "serviceAccount", email },
  role,
});

export const tokenAccess = (given: Partial<Guarded> = {}): Guarded => ({
  ...common,
  ...given,
  mode: "token",
});

export const platformAccess = (given: Partial<Guarded> = {}): Guarded => ({
  ...common,
  ...given,
  mode: "platform",
});

export function googleAccess(
  google: { jwksUrl: string; tokenInfoUrl: string; gcloud?: boolean; clientIds?: string[] },
  given: Partial<Guarded> = {},
): Guarded {
  return {
    ...common,
    ...given,
    mode: "google",
    google: { audiences: ["https://greenlight.example"], gcloud: true, clientIds: [], ...google },
  };
}

export const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});
