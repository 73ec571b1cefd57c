import { STRICT, type Strictness } from "./strictness.ts";

/** What a flag does when it is set. */
export type FlagEffect =
  /** Findings stop a suite. */
  | { readonly kind: "strict"; readonly strictness: Strictness }
  /** Every suite needs these: a kind of dependency, the databases, or all that is configured. */
  | { readonly kind: "require"; readonly what: RequiredWhat }
  /** What a suite names is required of it, whatever its level says. */
  | { readonly kind: "raise" }
  /** What is found among several servers must be the real one. */
  | { readonly kind: "real" }
  /** A mock never serves. */
  | { readonly kind: "no-mock" };

export type RequiredWhat = "postgres" | "clickhouse" | "redis" | "auth" | "websocket" | "databases" | "all";

export interface StrictFlag {
  /** What it does here, as a sentence. */
  readonly meaning: string;
  /** The key that says the same in the file. */
  readonly key: string;
  readonly effect: FlagEffect;
}

/**
 * The flags that suites of this kind are configured with. Twelve are the family that belongs to a `--strict-validation`;
 * the last is met beside them.
 */
export const STRICT_FLAGS = {
  ENABLE_STRICT_VALIDATION: {
    meaning: "Strict validation as a whole: an error among the findings of any area stops every suite.",
    key: "strict: true",
    effect: { kind: "strict", strictness: STRICT },
  },
  STRICT_CONFIG_VALIDATION: {
    meaning: "Errors in env files, variables, policies and waivers stop every suite.",
    key: "strict: true (for all areas)",
    effect: {
      kind: "strict",
      strictness: { environment: "error", policy: "error", waivers: "error" },
    },
  },
  FAIL_ON_CONFIG_DRIFT: {
    meaning: "Any error or warning about drift from the baseline stops every suite.",
    key: "drift (and strict: true)",
    effect: { kind: "strict", strictness: { drift: "warning" } },
  },
  VALIDATE_SERVICE_CONNECTIVITY: {
    meaning: "What a suite names is required of it, also what it calls optional.",
    key: "suites.{name}.requires[].level: required",
    effect: { kind: "raise" },
  },
  REQUIRE_ALL_SERVICES: {
    meaning: "Every suite needs every dependency that is configured.",
    key: "policies[].requires",
    effect: { kind: "require", what: "all" },
  },
  VALIDATE_DATABASE_CONNECTIONS: {
    meaning: "Every suite needs each of Postgres, ClickHouse and Redis that is configured.",
    key: "policies[].requires",
    effect: { kind: "require", what: "databases" },
  },
  REQUIRE_POSTGRES_CONNECTION: {
    meaning: "Every suite needs Postgres, and it must be configured.",
    key: "policies[].requires.postgres: required",
    effect: { kind: "require", what: "postgres" },
  },
  REQUIRE_CLICKHOUSE_CONNECTION: {
    meaning: "Every suite needs ClickHouse, and it must be configured.",
    key: "policies[].requires.clickhouse: required",
    effect: { kind: "require", what: "clickhouse" },
  },
  REQUIRE_REDIS_CONNECTION: {
    meaning: "Every suite needs Redis, and it must be configured.",
    key: "policies[].requires.redis: required",
    effect: { kind: "require", what: "redis" },
  },
  VALIDATE_SERVICE_DISCOVERY: {
    meaning: "Where one of several servers may serve, no suite accepts less than the real one.",
    key: "suites.{name}.requires[].assurance: real",
    effect: { kind: "real" },
  },
  VALIDATE_AUTH_SERVICE: {
    meaning: "Every suite needs the auth service, and it must be configured.",
    key: "policies[].requires.auth: required",
    effect: { kind: "require", what: "auth" },
  },
  VALIDATE_WEBSOCKET_SERVICE: {
    meaning: "Every suite needs the websocket service, and it must be configured.",
    key: "policies[].requires.websocket: required",
    effect: { kind: "require", what: "websocket" },
  },
  FAIL_ON_MOCK_FALLBACK: {
    meaning: "A mock never serves, whatever a policy says.",
    key: "policies[].allowMock: false",
    effect: { kind: "no-mock" },
  },
} as const satisfies Readonly<Record<string, StrictFlag>>;

export type StrictFlagName = keyof typeof STRICT_FLAGS;

export const STRICT_FLAG_NAMES = Object.keys(STRICT_FLAGS) as readonly StrictFlagName[];

export const flagOf = (name: StrictFlagName): StrictFlag => STRICT_FLAGS[name];

export const isStrictFlag = (name: string): name is StrictFlagName => Object.hasOwn(STRICT_FLAGS, name);

/** Turns a check off, by its name. */
export const isBypass = (name: string): boolean => /^(?:BYPASS|SKIP)_[A-Z\d_]+$/.test(name);
