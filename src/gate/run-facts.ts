import { readVariable } from "../config/interpolate.ts";
import type { Environment } from "../config/config.ts";
import { clean } from "../views/text.ts";

/** What the surroundings of a run tell of it. */
export interface RunFacts {
  /** What is deployed in the environment under test. */
  readonly release?: string;
  /** The revision that is tested. */
  readonly revision?: string;
}

/** Where CI systems tell the revision: GitHub, GitLab, Azure, Buildkite, CircleCI, Bitbucket, Jenkins. */
const REVISION_VARIABLES = [
  "GITHUB_SHA",
  "CI_COMMIT_SHA",
  "BUILD_SOURCEVERSION",
  "BUILDKITE_COMMIT",
  "CIRCLE_SHA1",
  "BITBUCKET_COMMIT",
  "GIT_COMMIT",
];

/** The longest name of a release or a revision that is taken for one. */
const LONGEST = 200;

/** Pure: reads the facts; `release` is that of `--release`, which wins over GREENLIGHT_RELEASE. */
export function readRunFacts(
  env: Environment,
  given: { readonly release?: string | undefined } = {},
): RunFacts {
  const release = nameIn(given.release) ?? nameIn(readVariable(env, "GREENLIGHT_RELEASE"));
  const revision = REVISION_VARIABLES.map((name) => nameIn(readVariable(env, name))).find(Boolean);
  return {
    ...(release === undefined ? {} : { release }),
    ...(revision === undefined ? {} : { revision }),
  };
}

function nameIn(text: string | undefined): string | undefined {
  const name = clean(text ?? "");
  return name === "" || name.length > LONGEST ? undefined : name;
}
