/** Everything that is recognised in a folder and in the environment. */
import type { Environment } from "../config/config.ts";
import { DATABASES } from "../config/variables.ts";
import { type FoundCi, findCi } from "./ci.ts";
import { type FoundDependencies, findDependencies } from "./dependencies.ts";
import type { Folder } from "./folder.ts";
import { type Runner, findRunners } from "./runners.ts";

export interface Detection extends FoundDependencies {
  /** The first is taken. */
  readonly runners: readonly Runner[];
  readonly ci: readonly FoundCi[];
  /** How the packages of the tests are installed, in Python and in Node. */
  readonly install: { readonly python: string | undefined; readonly node: string | undefined };
}

export async function detect(env: Environment, folder: Folder): Promise<Detection> {
  return {
    ...(await findDependencies(env, folder)),
    runners: findRunners(folder),
    ci: findCi(env, folder),
    install: {
      python: first(folder, {
        "uv.lock": "pip install uv && uv sync",
        "poetry.lock": "pip install poetry && poetry install",
        "requirements-dev.txt": "pip install -r requirements-dev.txt",
        "requirements-test.txt": "pip install -r requirements-test.txt",
        "requirements.txt": "pip install -r requirements.txt",
        "pyproject.toml": "pip install -e . pytest",
      }),
      node: first(folder, {
        "pnpm-lock.yaml": "corepack enable && pnpm install --frozen-lockfile",
        "yarn.lock": "corepack enable && yarn install --immutable",
        "package-lock.json": "npm ci",
        "package.json": "npm install",
      }),
    },
  };
}

function first(folder: Folder, commands: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(commands).find(([file]) => folder.has(file))?.[1];
}

/** The suite that the workflow runs: that of the databases, where there is one. */
export function suiteFor({ dependencies }: Pick<Detection, "dependencies">): "database" | "all" {
  const databases: readonly string[] = DATABASES;
  return dependencies.some(({ kind }) => databases.includes(kind)) ? "database" : "all";
}
