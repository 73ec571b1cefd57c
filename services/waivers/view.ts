import type { Clock } from "../clock.ts";
import type { FindingsRegistry } from "../findings/registry.ts";
import { type JudgedFindings, judgeFindings } from "./judge.ts";
import { DAY_MS, type Waiver } from "./waiver.ts";

/** What counts now. */
export interface FindingsView {
  /** The same object until the findings change or a day of the calendar (UTC) ends. */
  current(): JudgedFindings;
}

export interface FindingsViewOptions {
  readonly registry: Pick<FindingsRegistry, "snapshot">;
  readonly waivers: readonly Waiver[];
  readonly clock: Clock;
  readonly isSeen?: (code: string) => boolean;
}

/** Judges anew only when the answer may be another: it is asked with every verdict. */
export function createFindingsView(options: FindingsViewOptions): FindingsView {
  const { registry, waivers, clock, isSeen } = options;
  let last: { readonly key: object; readonly day: number; readonly judged: JudgedFindings } | undefined;
  return {
    current() {
      const snapshot = registry.snapshot();
      const now = clock.now();
      const day = Math.floor(now / DAY_MS);
      if (last?.key !== snapshot || last.day !== day) {
        const judged = judgeFindings({ snapshot, waivers, now, ...(isSeen && { isSeen }) });
        last = { key: snapshot, day, judged };
      }
      return last.judged;
    },
  };
}
