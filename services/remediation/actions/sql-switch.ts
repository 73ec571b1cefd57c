import { type SqlInstance, getSqlInstance, setActivationPolicy } from "../../gcp/cloud-sql.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Outcome } from "../action.ts";
import type { Begun } from "./begun.ts";
import { type Pause, TRIES, failed, isLost, pending, sentenceOf, unknownFact, waitToTry } from "./gcp.ts";

export interface PolicySwitch {
  readonly project: string;
  readonly instance: string;
  readonly about: string;
  readonly to: "ALWAYS" | "NEVER";
  /** What it came to already; undefined when it has still to be switched. */
  readonly judge: (instance: SqlInstance) => Outcome | undefined;
  readonly begun: Begun;
  readonly signal: AbortSignal;
  readonly pause: Pause | undefined;
}

/** Reads, judges and writes with the version that was read; again when somebody was faster or no answer came. */
export async function switchPolicy(
  gcp: GcpTransport,
  { project, instance, about, to, judge, begun, signal, pause }: PolicySwitch,
): Promise<Outcome> {
  let last: Outcome = failed(`${about} was not switched`);
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) await waitToTry(attempt, signal, pause);
    const found = await getSqlInstance(gcp, { project, instance, signal });
    if (found.kind !== "known") return last.kind === "pending" ? last : failed(unknownFact(about, found));
    const judged = judge(found.value);
    if (judged !== undefined) return judged;
    // The last look is without a try.
    if (attempt === TRIES) return last;
    const { settingsVersion } = found.value;
    const guard = settingsVersion === undefined ? {} : { settingsVersion };
    const written = await setActivationPolicy(gcp, { project, instance, policy: to, ...guard, signal });
    if (written.kind === "ok") {
      if (written.value.kind === "failed") return failed(`${about}: ${written.value.message}`);
      begun.remember(`${project}:${instance}`, written.value);
      return pending(`${about} is being switched to ${to}`);
    }
    const said = sentenceOf(`switching ${about} to ${to}`, written.error);
    // 409: an operation is under way, and may be this very change from before a crash.
    if (isLost(written.error) || written.error.status === 409) last = pending(said);
    else if (written.error.code === "GCP_CONFLICT")
      last = failed(`${said}; others keep changing its settings`);
    else return failed(said);
  }
}
