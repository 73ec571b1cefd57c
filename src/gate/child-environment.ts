import type { Environment } from "../config/config.ts";
import { RUN_ID } from "./child.ts";

export interface ChildEnvironmentOptions {
  readonly suite: string;
  readonly verdict: string;
  readonly runId: string;
  /** Hand GREENLIGHT_TOKEN on too. */
  readonly passToken: boolean;
  /** What a test runner is handed besides. */
  readonly injected: Readonly<Record<string, string>>;
}

/**
 * Pure: the variables of the command. It has all that this process has, except for the token: a suite that runs code of
 * other people needs no key to the service that judges it.
 */
export function childEnvironment(
  env: Environment,
  { suite, verdict, runId, passToken, injected }: ChildEnvironmentOptions,
): Environment {
  const { GREENLIGHT_TOKEN, ...others } = env;
  return {
    ...others,
    ...(passToken && GREENLIGHT_TOKEN !== undefined ? { GREENLIGHT_TOKEN } : {}),
    ...injected,
    GREENLIGHT_SUITE: suite,
    GREENLIGHT_VERDICT: verdict,
    [RUN_ID]: runId,
  };
}
