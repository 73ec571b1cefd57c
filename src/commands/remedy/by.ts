import { oneLine } from "../../../services/redact.ts";
import type { Environment } from "../../config/config.ts";
import { clean } from "../../views/text.ts";

/** Who is journalled as having wanted it: the CI system's word, else the login. A claim, no proof. */
const VARIABLES = [
  "GITHUB_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILDKITE_BUILD_CREATOR",
  "USER",
  "LOGNAME",
] as const;

export function whoWants(env: Environment): string {
  const name = VARIABLES.map((variable) => env[variable]).find(
    (value) => value !== undefined && value !== "",
  );
  return name === undefined ? "somebody at the command line" : oneLine(clean(name), 100);
}
