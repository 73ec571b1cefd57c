import type { Step } from "./plan.ts";

export type Timed = Pick<Step, "id" | "phase" | "estimateMs" | "needs">;

/** When a step can be done, in ms from the start of the plan. */
export interface ScheduledStep {
  readonly id: string;
  readonly phase: number;
  readonly earliestStartMs: number;
  readonly earliestEndMs: number;
  /** Without making the whole later. */
  readonly latestStartMs: number;
  /** How much later it may begin without making the whole later; 0 on the critical path. */
  readonly slackMs: number;
}

export interface ScheduledPhase {
  readonly phase: number;
  readonly steps: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
}

export interface Schedule {
  /** In an order in which they can be done one by one. */
  readonly steps: readonly ScheduledStep[];
  readonly phases: readonly ScheduledPhase[];
  /** The longest chain of steps that wait for each other; the whole takes at least so long. */
  readonly criticalPath: readonly string[];
  readonly criticalMs: number;
  /** One step after the other, as `apply` does them. */
  readonly totalMs: number;
}

/**
 * Steps at their earliest, as if everybody worked at once. A phase begins when all earlier ones are done. Undefined where
 * there is no order: a cycle, or a need of a later phase. Needs of steps that do not exist are left out.
 */
export function scheduleOf(given: readonly Timed[]): Schedule | undefined {
  const steps = given.toSorted((a, b) => a.phase - b.phase);
  const before = predecessors(steps);
  const order = inOrder(steps, before);
  if (order === undefined) return undefined;
  const ends = new Map<string, number>();
  const starts = new Map<string, number>();
  for (const step of order) {
    const start = Math.max(0, ...(before.get(step.id) ?? []).map((id) => ends.get(id) ?? 0));
    starts.set(step.id, start);
    ends.set(step.id, start + step.estimateMs);
  }
  const criticalMs = Math.max(0, ...ends.values());
  const latestEnds = new Map(order.map(({ id }) => [id, criticalMs]));
  for (const step of order.toReversed()) {
    const latestStart = (latestEnds.get(step.id) ?? 0) - step.estimateMs;
    for (const id of before.get(step.id) ?? [])
      latestEnds.set(id, Math.min(latestEnds.get(id) ?? criticalMs, latestStart));
  }
  const scheduled = order.map((step): ScheduledStep => {
    const earliestStartMs = starts.get(step.id) ?? 0;
    const latestStartMs = (latestEnds.get(step.id) ?? 0) - step.estimateMs;
    const { id, phase } = step;
    const earliestEndMs = earliestStartMs + step.estimateMs;
    return {
      id,
      phase,
      earliestStartMs,
      earliestEndMs,
      latestStartMs,
      slackMs: latestStartMs - earliestStartMs,
    };
  });
  return {
    steps: scheduled,
    phases: phasesOf(scheduled),
    criticalPath: criticalPathOf(scheduled, before),
    criticalMs,
    totalMs: order.reduce((sum, { estimateMs }) => sum + estimateMs, 0),
  };
}

type Before = ReadonlyMap<string, readonly string[]>;

/** What a step needs, and all of the phase before it: that waits for the phases before in turn. */
function predecessors(steps: readonly Timed[]): Before {
  const known = new Set(steps.map(({ id }) => id));
  const byPhase = Map.groupBy(steps, ({ phase }) => phase);
  const phases = [...byPhase.keys()];
  return new Map(
    steps.map(({ id, phase, needs }) => {
      const previous = byPhase.get(phases[phases.indexOf(phase) - 1] ?? Number.NaN) ?? [];
      const all = new Set([...needs.filter((need) => known.has(need)), ...previous.map((step) => step.id)]);
      return [id, [...all]] as const;
    }),
  );
}

function inOrder(steps: readonly Timed[], before: Before): readonly Timed[] | undefined {
  const placed = new Set<string>();
  const order: Timed[] = [];
  let waiting = steps;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ id }) => (before.get(id) ?? []).every((need) => placed.has(need)));
    if (ready.length === 0) return undefined;
    for (const step of ready) placed.add(step.id);
    order.push(...ready);
    waiting = waiting.filter(({ id }) => !placed.has(id));
  }
  return order;
}

function phasesOf(steps: readonly ScheduledStep[]): readonly ScheduledPhase[] {
  const byPhase = Map.groupBy(steps, ({ phase }) => phase);
  return [...byPhase].map(([phase, members]) => ({
    phase,
    steps: members.map(({ id }) => id),
    startMs: Math.min(...members.map(({ earliestStartMs }) => earliestStartMs)),
    endMs: Math.max(...members.map(({ earliestEndMs }) => earliestEndMs)),
  }));
}

/** From the step that ends last back to the start, always by one that has no time to lose. */
function criticalPathOf(steps: readonly ScheduledStep[], before: Before): readonly string[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const path: string[] = [];
  let next = steps
    .filter(({ slackMs }) => slackMs === 0)
    .reduce<ScheduledStep | undefined>(
      (last, step) => (last === undefined || step.earliestEndMs > last.earliestEndMs ? step : last),
      undefined,
    );
  while (next !== undefined) {
    const { id, earliestStartMs }: ScheduledStep = next;
    path.unshift(id);
    next = (before.get(id) ?? [])
      .flatMap((each) => byId.get(each) ?? [])
      .find((each) => each.slackMs === 0 && each.earliestEndMs === earliestStartMs);
  }
  return path;
}
