import { gatePath } from "../../../src/dashboard/schedule.js";
import type { Part } from "../../../src/dashboard/types.ts";

/** What the page knows of a path. */
export const part = (body: unknown, given: Partial<Part> = {}): Part => ({
  status: 200,
  body,
  at: 0,
  trouble: undefined,
  ...given,
});

export const unreachable = {
  kind: "unreachable",
  status: 0,
  title: "The service does not answer",
  detail: "The connection failed.",
} as const;

export const gates = (...names: string[]): unknown => ({ suites: names.map((name) => ({ name })) });

export const gate = (suite: string, verdict = "go", more: object = {}): unknown => ({
  suite,
  verdict,
  fit: verdict === "go",
  stableMs: 3000,
  stableForMs: 5000,
  reasons: [],
  ...more,
});

export const health = (...checks: readonly { name: string; status: string }[]): unknown => ({
  status: checks.some(({ status }) => status === "fail") ? "fail" : "pass",
  environment: "staging",
  stale: false,
  checks: Object.fromEntries(
    checks.map(({ name, ...check }) => [
      `${name}:responseTime`,
      [{ componentId: name, required: true, breaker: { state: "closed" }, ...check }],
    ]),
  ),
});

/** Two suites that are go, over two dependencies that pass, with all that belongs to it. */
export const wellKnown = (): Map<string, Part> =>
  new Map([
    ["/gate", part(gates("database", "e2e"))],
    [gatePath("database"), part(gate("database"))],
    [gatePath("e2e"), part(gate("e2e"))],
    ["/health", part(health({ name: "postgres", status: "pass" }, { name: "redis", status: "pass" }))],
    ["/incidents", part({ time: "2026-11-22T10:00:00Z", incidents: [] })],
    ["/findings", part({ complete: true, findings: [] })],
    ["/context", part({ environment: "staging", confidence: 0.9, indicators: { agree: 2, total: 2 } })],
  ]);
