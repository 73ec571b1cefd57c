import { hash } from "node:crypto";
import { canonicalJson } from "./canonical.ts";
import type { Plan } from "./plan.ts";

/** What whoever confirms a plan has seen: SHA-256 over its meaning, hexadecimal. How it was written plays no part. */
export const planDigest = (plan: Plan): string => hash("sha256", canonicalJson(plan));
