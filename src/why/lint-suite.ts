import { resolve } from "node:path";
import type { Finding } from "../../services/findings/finding.ts";
import type { CommandContext } from "../commands/context.ts";

/** Mild as they may be told, they make a run red or a test say nothing; an unused marker does neither. */
const TELLING: ReadonlySet<string> = new Set([
  "MARKER_UNREGISTERED",
  "AWAIT_NOT_ASYNC",
  "COROUTINE_NOT_AWAITED",
]);

/** What is wrong with the markers and awaits of a folder of tests. Loads the lint only when it is asked for. */
export async function lintSuite(
  { cwd, env, signal }: Pick<CommandContext, "cwd" | "env" | "signal">,
  folder: string,
): Promise<readonly Finding[]> {
  const { lint } = await import("../lint/lint.ts");
  const { findings } = await lint({
    folder: resolve(cwd, folder),
    areas: ["markers", "awaits"],
    exclude: [],
    env,
    signal,
  });
  return findings.flatMap(({ finding }) =>
    finding.severity === "error" || TELLING.has(finding.code) ? [finding] : [],
  );
}
