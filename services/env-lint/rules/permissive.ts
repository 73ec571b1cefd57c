import { createFinding } from "../../findings/create.ts";
import type { Finding, Severity } from "../../findings/finding.ts";
import { environmentOfFile } from "../file-name.ts";
import { expiryOf, type Scope, scopesOf, type Setting } from "../flag.ts";
import type { LintInput } from "../input.ts";
import { permissiveKind, type PermissiveKind } from "../permissive.ts";
import { isOn } from "../words.ts";

/**
 * Protections that are switched off: `BYPASS_*`, `SKIP_*`, `DISABLE_*`, `ALLOW_*MOCK*`. One finding for each, the worst.
 * Not reported: flags that are off or overridden, values that are no yes (`BYPASS_PATHS=/health`), and `SKIP_`/`DISABLE_`
 * of what protects nothing (`DISABLE_TELEMETRY`, `SKIP_INSTALL`). Mocks are not reported in files for tests, development
 * and CI. Flags among the variables of the process are a matter of policy, which tells of them itself.
 */
export function permissive(input: LintInput): readonly Finding[] {
  return scopesOf({ ...input, variables: {} }).flatMap((scope) =>
    [...scope.settings.values()].flatMap((setting) => {
      const kind = permissiveKind(setting.key);
      if (kind === undefined || !isOn(setting.value)) return [];
      return judge(setting, { kind, scope, input });
    }),
  );
}

interface About {
  readonly kind: PermissiveKind;
  readonly scope: Scope;
  readonly input: LintInput;
}

function judge(flag: Setting, { kind, scope, input }: About): readonly Finding[] {
  const environment =
    flag.file === undefined ? input.environment : (environmentOfFile(flag.file) ?? input.environment);
  if (kind === "mock" && ["test", "ci", "development"].includes(environment ?? "")) return [];
  const { reading, setting } = expiryOf(flag, scope);
  const common = { subject: flag.subject, place: flag.place, facts: { key: flag.key } };
  const beside = setting === undefined ? [] : [`its end: ${setting.where}`];
  if (reading.kind === "date" && reading.until < input.now) {
    const message = `${flag.key} is on, and was to end on ${reading.shown}.`;
    return [createFinding({ code: "ENV_BYPASS_EXPIRED", ...common, message, evidence: beside })];
  }
  // What cannot be read is told of the date itself; one fault is one finding.
  if (reading.kind === "unreadable") return [];
  const severity: Severity = environment === "production" ? "error" : "warning";
  if (reading.kind === "date") {
    const message = `${flag.key} is on until ${reading.shown}.`;
    return [
      createFinding({
        code: "ENV_PERMISSIVE",
        ...common,
        message,
        severity,
        evidence: beside,
      }),
    ];
  }
  if (kind === "bypass") {
    const message = `${flag.key} is on, and nothing says until when.`;
    return [createFinding({ code: "ENV_BYPASS_UNLIMITED", ...common, message })];
  }
  const message =
    kind === "mock"
      ? `${flag.key} lets a mock stand in for what is real.`
      : `${flag.key} switches a protection off.`;
  return [createFinding({ code: "ENV_PERMISSIVE", ...common, message, severity })];
}
