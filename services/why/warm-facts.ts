import type { Clock } from "../clock.ts";
import { createSingleFlight } from "../probe/single-flight.ts";
import type { CloudFacts, CloudTarget } from "./cloud.ts";
import { callsForCloud, type FactReader } from "./facts.ts";
import type { Symptom } from "./symptom.ts";

/** What is known of the cloud without waiting for it. */
export interface Warm {
  readonly cloud: ReadonlyMap<string, CloudFacts>;
  readonly service?: CloudFacts;
  /** Dependencies whose facts are being read for the first time. */
  readonly pending: ReadonlySet<string>;
  /** Of the oldest facts here, in ms; absent where there are none. */
  readonly ageMs?: number;
  /** Newer ones are on the way. */
  readonly refreshing: boolean;
}

export interface WarmOptions {
  /** What is known of the service by itself is wanted too. Default false. */
  readonly service?: boolean;
}

export interface WarmFacts {
  /** Never waits: hands out what is known, and has it read anew in the background when it is old. */
  current(symptoms: readonly Symptom[], options?: WarmOptions): Warm;
  /** Resolves when nothing is being read. */
  idle(): Promise<void>;
  close(): void;
}

export interface WarmFactsOptions {
  readonly target: CloudTarget;
  /** One round of reading. */
  readonly read: (signal: AbortSignal) => FactReader;
  readonly clock: Clock;
  /** Older facts are read anew, in ms. Default 15,000. */
  readonly maxAgeMs?: number;
  /** For one round, in ms. Default 20,000. */
  readonly roundMs?: number;
}

interface Kept {
  readonly key: string;
  readonly at: number;
  readonly facts: CloudFacts | undefined;
}

/** Another cause of the same dependency asks for other facts. */
const keyOf = ({ cause, host = "" }: Symptom): string => `${cause.code} ${host}`;

export function createWarmFacts(options: WarmFactsOptions): WarmFacts {
  const { target, read, clock, maxAgeMs = 15_000, roundMs = 20_000 } = options;
  const closing = new AbortController();
  const kept = new Map<string, Kept>();
  let service: Kept | undefined;
  let wanted: readonly Symptom[] = [];
  let wantsService = false;

  async function round(): Promise<void> {
    const limit = AbortSignal.timeout(roundMs);
    const reader = read(AbortSignal.any([closing.signal, limit]));
    const symptoms = wanted;
    const withService = wantsService;
    const at = clock.monotonic();
    const [own, ...facts] = await Promise.all([
      withService ? reader.service() : undefined,
      ...symptoms.map((symptom) => reader.of(symptom)),
    ]);
    if (withService) service = { key: "", at, facts: own };
    for (const [index, symptom] of symptoms.entries())
      kept.set(symptom.dependency, { key: keyOf(symptom), at, facts: facts[index] });
  }

  const refresh = createSingleFlight(round);
  const isOld = (each: Kept | undefined, key: string): boolean =>
    each?.key !== key || clock.monotonic() - each.at > maxAgeMs;

  return {
    current(symptoms, { service: ofService = false } = {}) {
      const called = symptoms.filter((symptom) => callsForCloud(symptom, target));
      const old =
        called.some((symptom) => isOld(kept.get(symptom.dependency), keyOf(symptom))) ||
        (ofService && isOld(service, ""));
      if (old && !refresh.busy() && !closing.signal.aborted) {
        wanted = called;
        wantsService = ofService;
        // A round that failed leaves what was known; the next question begins another.
        refresh().catch(() => undefined);
      }
      const found = called.map((symptom) => {
        const each = kept.get(symptom.dependency);
        return { symptom, each: each?.key === keyOf(symptom) ? each : undefined };
      });
      const ages = [...found.map(({ each }) => each), ofService ? service : undefined].flatMap((each) =>
        each === undefined ? [] : [clock.monotonic() - each.at],
      );
      return {
        cloud: new Map(
          found.flatMap(({ symptom, each }) =>
            each?.facts === undefined ? [] : [[symptom.dependency, each.facts] as const],
          ),
        ),
        pending: new Set(
          found.flatMap(({ symptom, each }) => (each === undefined ? [symptom.dependency] : [])),
        ),
        ...(ofService && service?.facts !== undefined ? { service: service.facts } : {}),
        ...(ages.length === 0 ? {} : { ageMs: Math.max(...ages) }),
        refreshing: refresh.busy(),
      };
    },
    idle: () => refresh.idle(),
    close() {
      closing.abort(new Error("the service stops"));
    },
  };
}
