import type { Dialect } from "../../../services/env-files/dialect.ts";
import type { EnvFile } from "../../../services/env-files/env-file.ts";
import { parseEnv } from "../../../services/env-files/parse.ts";
import type { LintInput } from "../../../services/env-lint/input.ts";
import { lintEnvironment } from "../../../services/env-lint/lint.ts";
import { stacksOf } from "../../../services/env-lint/stacks.ts";
import type { Finding } from "../../../services/findings/finding.ts";

export const NOW = Date.UTC(2026, 10, 22, 12);

export const envFile = (path: string, text: string, dialect: Dialect = "dotenv"): EnvFile => ({
  path,
  dialect,
  text,
  ...parseEnv(text, dialect),
});

export interface LintTextOptions extends Partial<Omit<LintInput, "files" | "stacks">> {
  readonly dialect?: Dialect;
}

/** Lints texts by path, laid over each other as their names say. */
export function lintText(
  texts: Readonly<Record<string, string>>,
  options: LintTextOptions = {},
): readonly Finding[] {
  const { dialect, ...rest } = options;
  const files = Object.entries(texts).map(([path, text]) => envFile(path, text, dialect));
  return lintEnvironment({ files, stacks: stacksOf(files), now: NOW, ...rest });
}

/** The ids, without notes about docker unless they are wanted. */
export const idsOf = (findings: readonly Finding[], wanted: RegExp = /^(?!ENV_DIALECT)/): readonly string[] =>
  findings.map(({ id }) => id).filter((id) => wanted.test(id));
