import type { Check } from "../../services/health/check.ts";
import type { Fingerprint, FingerprintDependency } from "../views/fingerprint.ts";

/** Pure: what of each check tells one environment from another. */
export function fingerprintChecks(checks: ReadonlyMap<string, Check>): Fingerprint["dependencies"] {
  return Object.fromEntries([...checks].map(([name, check]) => [name, fingerprintCheck(check)]));
}

function fingerprintCheck({ kind, status, target, discovery }: Check): FingerprintDependency {
  const serving = discovery?.serving;
  return {
    kind,
    status,
    ...(target === undefined ? {} : { host: target.host, port: target.port }),
    ...(target?.database === undefined ? {} : { database: target.database }),
    ...(serving === undefined ? {} : { serving: serving.name, assurance: serving.assurance }),
  };
}
