import type { Environment } from "../config/config.ts";
import type { Folder } from "./folder.ts";

export const CI_SYSTEMS = ["github", "gitlab"] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

export interface FoundCi {
  readonly system: CiSystem;
  /** What shows it, for people. */
  readonly where: string;
}

/** The CI systems that the folder shows, the surest sign first. */
export function findCi(env: Environment, folder: Folder): FoundCi[] {
  const remotes = folder.get(".git/config") ?? "";
  const signs: readonly (readonly [boolean, CiSystem, string])[] = [
    [folder.has(".github/workflows"), "github", ".github/workflows"],
    [folder.has(".gitlab-ci.yml"), "gitlab", ".gitlab-ci.yml"],
    [Boolean(env.GITHUB_ACTIONS), "github", "GITHUB_ACTIONS is set"],
    [Boolean(env.GITLAB_CI), "gitlab", "GITLAB_CI is set"],
    [isRemote(remotes, /github/), "github", "a remote in .git/config"],
    [isRemote(remotes, /gitlab/), "gitlab", "a remote in .git/config"],
    [folder.has(".github"), "github", ".github"],
  ];
  const found = new Map<CiSystem, FoundCi>();
  for (const [holds, system, where] of signs) {
    if (holds && !found.has(system)) found.set(system, { system, where });
  }
  return [...found.values()];
}

/** A remote may carry a token before its host, so nothing of it is shown. */
function isRemote(text: string, host: RegExp): boolean {
  return text
    .split("\n")
    .some((line) => host.test(/^\s*url\s*=\s*(?:\w+:\/\/)?(?:[^@\s]*@)?([\w.-]+)/.exec(line)?.[1] ?? ""));
}
