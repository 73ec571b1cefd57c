import { permitWrite } from "../../../services/remediation/write-permission.ts";
import type { Config } from "../../config/config.ts";
import { detectContext } from "../../context/detect-context.ts";
import type { CommandContext } from "../context.ts";

export interface EnvironmentCheck {
  readonly config: Config;
  /** What the plan, or the run, says that it is for. */
  readonly planned: string;
  readonly approved?: string | undefined;
}

export type EnvironmentAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: "ENVIRONMENT_MISMATCH" | "ENVIRONMENT_NOT_APPROVED";
      readonly because: string;
    };

/** Whether this environment may be written to, asking the servers that declare theirs. */
export async function checkEnvironment(
  { env, cwd, signal }: Pick<CommandContext, "env" | "cwd" | "signal">,
  { config, planned, approved }: EnvironmentCheck,
): Promise<EnvironmentAnswer> {
  const detection = await detectContext({ config, env, cwd, probe: true, signal });
  const permission = permitWrite({ planned, configured: config.environment, detection, approved });
  if (permission.kind === "permitted") return { ok: true };
  const { kind, because } = permission;
  return {
    ok: false,
    code: kind === "elsewhere" ? "ENVIRONMENT_MISMATCH" : "ENVIRONMENT_NOT_APPROVED",
    because,
  };
}
