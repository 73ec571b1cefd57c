import type { Clock } from "../../services/clock.ts";
import type { Gate } from "../../services/gate/gate.ts";
import type { JudgedWaiver } from "../../services/waivers/judge.ts";
import type { FindingsView } from "../../services/waivers/view.ts";
import { callsForCloud } from "../../services/why/facts.ts";
import type { Symptom } from "../../services/why/symptom.ts";
import { createWarmFacts, type WarmFacts } from "../../services/why/warm-facts.ts";
import { createWhy, type Found, type Why } from "../../services/why/why.ts";
import type { Config, Environment } from "../config/config.ts";
import { cloudTarget, isInCloud } from "./target.ts";

export interface ServiceWhyOptions {
  readonly config: Pick<Config, "gcp">;
  readonly gate: Gate;
  readonly findings: FindingsView;
  readonly clock: Clock;
  readonly env: Environment;
  readonly cwd: string;
}

/** Nothing of the cloud is asked, and no code for it loaded, before a question calls for it. */
export function createServiceWhy(options: ServiceWhyOptions): Why {
  const { config, gate, findings } = options;
  const found = (): Found => {
    const judged = findings.current();
    return {
      open: judged.findings.filter(({ waiver }) => waiver === undefined),
      waived: waivedIn(judged.waivers),
    };
  };
  const warm = isInCloud(config.gcp) ? createLazyFacts(options) : undefined;
  return createWhy({ gate, findings: found, warm });
}

/** A waiver that nothing here needs may be about what is set on the service alone. */
export const waivedIn = (waivers: readonly JudgedWaiver[]): ReadonlySet<string> =>
  new Set(waivers.flatMap(({ state, finding }) => (state === "expired" ? [] : [finding])));

/** Opened by the first question; until that is done, what it calls for is being read. */
function createLazyFacts({ config, clock, env, cwd }: ServiceWhyOptions): WarmFacts {
  const closing = new AbortController();
  const target = cloudTarget(config.gcp, { project: "", region: "", ...config.gcp });
  let opened: WarmFacts | undefined;
  let failed = false;
  let opening: Promise<void> | undefined;

  async function open(): Promise<void> {
    const { openCloud } = await import("./open-cloud.ts");
    const cloud = await openCloud({ config, clock, env, cwd, signal: closing.signal });
    if (cloud === undefined) failed = true;
    else opened = createWarmFacts({ ...cloud, clock });
  }

  const isCalledFor = (symptom: Symptom): boolean => target !== undefined && callsForCloud(symptom, target);

  return {
    current(symptoms, wanted) {
      if (opened !== undefined) return opened.current(symptoms, wanted);
      opening ??= open()
        .then(() => void opened?.current(symptoms, wanted))
        .catch(() => {
          failed = true;
        });
      const pending = failed ? [] : symptoms.filter(isCalledFor).map(({ dependency }) => dependency);
      return { cloud: new Map(), pending: new Set(pending), refreshing: !failed };
    },
    async idle() {
      await opening;
      await opened?.idle();
    },
    close() {
      closing.abort(new Error("the service stops"));
      opened?.close();
    },
  };
}
