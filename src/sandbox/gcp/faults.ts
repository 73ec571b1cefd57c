/** What goes wrong with a request. */
export type FaultKind =
  /** Answered so, and nothing is done. */
  | { readonly kind: "answer"; readonly status: number; readonly body?: unknown; readonly type?: string }
  /** The connection is cut; with `after`, once the request has been carried out. */
  | { readonly kind: "cut"; readonly after?: boolean }
  /** Never answered; with `after`, once the request has been carried out. */
  | { readonly kind: "silence"; readonly after?: boolean }
  | { readonly kind: "delay"; readonly ms: number }
  /** Something happens in the world right before the request is carried out. */
  | { readonly kind: "first"; readonly act: () => void };

/** Which requests a fault hits: all that are given must fit. */
export interface Fault {
  readonly api?: string;
  readonly method?: string;
  /** Part of the path after the API's prefix, or a pattern. */
  readonly path?: string | RegExp;
  /** From the Nth such request on, counted from 1 (default 1). */
  readonly nth?: number;
  /** How many are hit (default 1). */
  readonly times?: number;
  readonly fault: FaultKind;
}

/** What a fault is matched against. */
export interface Target {
  readonly api: string;
  readonly method: string;
  readonly path: string;
}

export interface Faults {
  inject(fault: Fault): void;
  /** The fault that hits this request; it is counted. */
  take(target: Target): FaultKind | undefined;
  clear(): void;
}

/** Starts with none. */
export function createFaults(): Faults {
  let active: { fault: Fault; seen: number; hit: number }[] = [];
  return {
    inject: (fault) => void active.push({ fault, seen: 0, hit: 0 }),
    take(target) {
      let found: FaultKind | undefined;
      for (const entry of active.filter(({ fault }) => fits(fault, target))) {
        entry.seen += 1;
        const due = entry.seen >= (entry.fault.nth ?? 1) && entry.hit < (entry.fault.times ?? 1);
        if (due && found === undefined) {
          entry.hit += 1;
          found = entry.fault.fault;
        }
      }
      return found;
    },
    clear: () => void (active = []),
  };
}

function fits({ api, method, path }: Fault, target: Target): boolean {
  const inPath =
    path === undefined || (typeof path === "string" ? target.path.includes(path) : path.test(target.path));
  return inPath && (api ?? target.api) === target.api && (method ?? target.method) === target.method;
}
