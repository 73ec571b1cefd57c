import type { Judged } from "../../../services/triage/result.ts";
import type { RunRecord } from "../run-record.ts";
import { causesOf, incidentsOf } from "../run-words.ts";

/** What is said of the whole run on every suite: the verdict and the environment's fingerprint. */
export function suiteProperties({ suite, outcome, gate, fingerprint }: RunRecord): Record<string, string> {
  const { environment, greenlight, release, revision, dependencies } = fingerprint;
  const each = Object.entries(dependencies).map(([name, dependency]): [string, string] => {
    const { status, version, host, port, database, serving, assurance } = dependency;
    const at = host === undefined ? "" : `${host}${port === undefined ? "" : `:${port}`}`;
    const parts = [status, version, at, database, serving, assurance];
    return [`greenlight.dependency.${name}`, parts.filter(Boolean).join(" ")];
  });
  return {
    "greenlight.suite": suite,
    "greenlight.verdict": gate.verdict,
    "greenlight.outcome": outcome,
    "greenlight.environment": environment,
    "greenlight.version": greenlight,
    ...(release === undefined ? {} : { "greenlight.release": release }),
    ...(revision === undefined ? {} : { "greenlight.revision": revision }),
    ...Object.fromEntries(each),
  };
}

/** What is said of a red test. */
export function testProperties(judged: Judged): Record<string, string> {
  const incidents = incidentsOf(judged);
  const causes = causesOf(judged);
  return {
    "greenlight.attribution": judged.attribution,
    "greenlight.because": judged.because,
    ...(incidents.length === 0 ? {} : { "greenlight.incident": incidents.join(" ") }),
    ...(causes.length === 0 ? {} : { "greenlight.cause": causes.join(" ") }),
  };
}
