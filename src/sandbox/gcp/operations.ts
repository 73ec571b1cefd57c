import { randomUUID } from "node:crypto";
import { asText, type Doc, docOf } from "./json.ts";
import type { FakeTime } from "./time.ts";

/** How a long-running operation ends; `lost`: it takes effect and is then unknown to whoever asks. */
export type Outcome = "done" | "never" | "lost" | { readonly code: number; readonly message: string };

/** What a test decides of the next operation of an API. */
export interface Planned {
  /** Such as `vpcaccess`; default any. */
  readonly api?: string;
  readonly outcome?: Outcome;
  /** How long it takes. */
  readonly ms?: number;
}

/** What is to be done, and what then. */
export interface Work {
  readonly api: string;
  /** `google`: `{done, error, response}`; `sql`: `{status, error: {errors}}`. */
  readonly shape: "google" | "sql";
  /** Makes the full name from an id. */
  readonly name: (id: string) => string;
  readonly ms: number;
  /** How it ends unless a test has planned otherwise. */
  readonly outcome?: Outcome | undefined;
  /** What is sent beside, while it runs and afterwards. */
  readonly describe: (times: { start: string; end: string | undefined }) => Doc;
  /** When it ends well; answers with the resource. */
  readonly finish: () => Doc;
  /** When it ends in an error. */
  readonly fail?: (error: { readonly code: number; readonly message: string }) => void;
}

export interface Operations {
  /** Begins, and answers with the operation as it is sent. */
  start(work: Work): Doc;
  /** Undefined when nobody knows it. */
  read(name: string): Doc | undefined;
  /** Those of an API, the newest first. */
  list(api: string): Doc[];
  plan(planned: Planned): void;
  /** How many are under way that will end. */
  pending(): number;
}

interface Running {
  readonly work: Work;
  readonly start: string;
  readonly lost: boolean;
  end: string | undefined;
  result: Doc;
}

/** `onEnd` is called after each operation that ended. */
export function createOperations(time: FakeTime, onEnd: () => void): Operations {
  const running = new Map<string, Running>();
  const planned: Planned[] = [];
  let open = 0;

  function take(api: string): Planned {
    const index = planned.findIndex((each) => each.api === undefined || each.api === api);
    return index === -1 ? {} : (planned.splice(index, 1)[0] ?? {});
  }

  function end(operation: Running, outcome: Exclude<Outcome, "never">): void {
    open -= 1;
    operation.end = new Date(time.now()).toISOString();
    if (typeof outcome === "string") {
      operation.result = { response: operation.work.finish() };
    } else {
      operation.work.fail?.(outcome);
      operation.result = { error: { ...outcome } };
    }
    onEnd();
  }

  return {
    start(work) {
      const { outcome = work.outcome ?? "done", ms = work.ms } = take(work.api);
      const name = work.name(randomUUID());
      const start = new Date(time.now()).toISOString();
      const operation: Running = { work, start, lost: outcome === "lost", end: undefined, result: {} };
      running.set(name, operation);
      if (outcome !== "never") {
        open += 1;
        if (ms <= 0) end(operation, outcome);
        else time.at(time.now() + ms, () => end(operation, outcome));
      }
      return render(name, operation);
    },
    read(name) {
      const operation = running.get(name);
      return operation === undefined || operation.lost ? undefined : render(name, operation);
    },
    list: (api) =>
      [...running]
        .filter(([, { work, lost }]) => work.api === api && !lost)
        .toReversed()
        .map(([name, operation]) => render(name, operation)),
    plan: (each) => void planned.push(each),
    pending: () => open,
  };
}

function render(name: string, { work, start, end, result }: Running): Doc {
  const about = work.describe({ start, end });
  if (work.shape === "google") {
    return { name, ...about, done: end !== undefined, ...result };
  }
  const failure = result.error === undefined ? undefined : asText(docOf(result.error).message);
  return {
    kind: "sql#operation",
    name,
    ...about,
    status: end === undefined ? "RUNNING" : "DONE",
    startTime: start,
    ...(end === undefined ? {} : { endTime: end }),
    ...(failure === undefined ? {} : { error: sqlErrors(failure) }),
  };
}

/** Cloud SQL's own shape: the code is a word, such as `INTERNAL_ERROR`, before the colon of what a test has planned. */
function sqlErrors(message: string): Doc {
  const code = /^[A-Z_]+(?=:)/.exec(message)?.[0] ?? "INTERNAL_ERROR";
  return { kind: "sql#operationErrors", errors: [{ kind: "sql#operationError", code, message }] };
}
