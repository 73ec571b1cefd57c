import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "../../services/gate/gate.ts";
import type { Monitor } from "../../services/health/monitor.ts";
import type { DeskOptions } from "../../services/remediation/desk.ts";
import type { PlanFacts } from "../../services/remediation/plan-make.ts";
import type { Why, WhyAnswer } from "../../services/why/why.ts";
import type { Config } from "../config/config.ts";

export interface PlanForServiceOptions {
  readonly config: Pick<Config, "dependencies" | "environment" | "strictness">;
  readonly monitor: Pick<Monitor, "names" | "checks">;
  readonly gate: Pick<Gate, "find">;
  readonly why: Why;
}

/** The cloud is read while somebody waits for the plan; what is not known by then the plan does without. */
const READING_MS = 20_000;
const POLL_MS = 250;

/** Plans from what the service sees: its monitor, its gate, and what lies beneath. */
export function createPlanForService(options: PlanForServiceOptions): DeskOptions["makePlan"] {
  const { config, monitor, gate, why } = options;
  const names = config.dependencies.map(({ name }) => name);

  function ask(subject: PlanFacts["subject"]): WhyAnswer {
    if (subject.kind === "suite") return why.suite(subject.name);
    const [check] = monitor.checks([subject.name]);
    return check === undefined
      ? { chains: [], cloud: { state: "none", refreshing: false } }
      : why.dependency(check, false);
  }

  async function settled(subject: PlanFacts["subject"], signal: AbortSignal): Promise<WhyAnswer> {
    for (let left = READING_MS; ; left -= POLL_MS) {
      const answer = ask(subject);
      if (answer.cloud.state !== "reading" || left <= 0) return answer;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  return async (tools, name, signal) => {
    const isSuite = !names.includes(name) && gate.find(name) !== undefined;
    if (!isSuite && !names.includes(name))
      return { kind: "unknown-subject", known: [...new Set([...names, ...why.suites])] };
    const [{ makeAndKeepPlan }, { planDigest }] = await Promise.all([
      import("./make-plan-here.ts"),
      import("../../services/remediation/plan-digest.ts"),
    ]);
    const subject = { kind: isSuite ? "suite" : "dependency", name } as const;
    const { chains } = await settled(subject, signal);
    const optional = config.dependencies.flatMap((each) => (each.required ? [] : [each.name]));
    const made = await makeAndKeepPlan(tools, {
      chains,
      facts: {
        environment: config.environment,
        subject,
        optional: new Set(isSuite ? optional : []),
        strict: Object.keys(config.strictness).length > 0,
      },
      signal,
    });
    if (made.plan !== undefined) return { kind: "made", plan: made.plan, digest: planDigest(made.plan) };
    const because =
      made.notes.length > 0
        ? made.notes.join("; ")
        : chains.length === 0
          ? `nothing is wrong with ${name}`
          : `what is wrong with ${name} cannot be told`;
    return { kind: "nothing", because };
  };
}
