import { readVersion } from "../version.ts";
import type { Environment } from "../config/config.ts";
import type { Fingerprint } from "../views/fingerprint.ts";

/** Where CI systems tell the revision that is tested: GitHub, GitLab, Azure, Buildkite, CircleCI, Bitbucket, Jenkins. */
const REVISION_VARIABLES = [
  "GITHUB_SHA",
  "CI_COMMIT_SHA",
  "BUILD_SOURCEVERSION",
  "BUILDKITE_COMMIT",
  "CIRCLE_SHA1",
  "BITBUCKET_COMMIT",
  "GIT_COMMIT",
];

/** Pure: everything of a run's fingerprint that is no dependency's. */
export function aboutRun(
  env: Environment,
  { environment, release = env.GREENLIGHT_RELEASE }: { environment: string; release?: string | undefined },
): Omit<Fingerprint, "dependencies"> {
  const revision = REVISION_VARIABLES.map((name) => env[name]).find(Boolean);
  return {
    environment,
    greenlight: readVersion(),
    ...(release ? { release } : {}),
    ...(revision ? { revision } : {}),
  };
}
