/** context: which environment this is, told from what was said of it and from what surrounds it; it changes nothing. */

/** The environments there are. */
export const ENVIRONMENTS = ["production", "staging", "development", "test", "ci"] as const;

export type KnownEnvironment = (typeof ENVIRONMENTS)[number];
export type EnvironmentKind = KnownEnvironment | "unknown";

/** What is said of the environment, the most binding first. */
export const STATEMENTS = ["flag", "declared", "variable"] as const;
/** What hints at it. Files never decide. */
export const HINTS = ["customary", "platform", "project", "url", "file"] as const;

export type Statement = (typeof STATEMENTS)[number];
export type Hint = (typeof HINTS)[number];
export type Tier = Statement | Hint;

/** How much each tier proves by itself, in hundredths. The order of hints follows their weights. */
export type Weights = Readonly<Record<Tier, number>>;

export const DEFAULT_WEIGHTS: Weights = {
  flag: 100,
  declared: 95,
  variable: 90,
  customary: 60,
  platform: 40,
  project: 30,
  url: 20,
  file: 5,
};

/** What the configuration says of detection. */
export interface ContextRules {
  readonly weights: Weights;
  /** Beside the usual ones; each is matched whole. */
  readonly labels: Readonly<Partial<Record<KnownEnvironment, readonly string[]>>>;
  /** Whole ids of projects. */
  readonly projects: Readonly<Record<string, KnownEnvironment>>;
  /** Sources of hints that say nothing here: `NODE_ENV`, `redis.host`. */
  readonly ignore: readonly string[];
}

export const DEFAULT_RULES: ContextRules = {
  weights: DEFAULT_WEIGHTS,
  labels: {},
  projects: {},
  ignore: [],
};
