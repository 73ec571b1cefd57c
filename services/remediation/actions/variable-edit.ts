import { getRunRevision } from "../../gcp/run.ts";
import type { RunService } from "../../gcp/run-service.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Redact } from "../../redact.ts";
import type { Json } from "../action.ts";
import { unknownFact } from "./gcp.ts";
import type { RunEdit } from "./run-edit.ts";
import { type Entry, entryOf, hideValues, isShownFlag, withVariable } from "./variable.ts";

// Type aliases, since an interface is not assignable to a record of JSON.
export type VariableParams = {
  readonly project: string;
  readonly region: string;
  readonly service: string;
  readonly name: string;
  /** Absent: the variable is removed. */
  readonly value?: string;
  /** Needed where the service has more than one. */
  readonly container?: string;
};

/** No value that is not shown stands in the journal: the revision that serves now goes on holding it. */
export type VariablePrior = {
  readonly former: null | { readonly value: string } | { readonly revision: string } | "lost";
  /** Where it stood among the variables. */
  readonly index: number | null;
  readonly ready: boolean;
};

interface Question {
  readonly params: VariableParams;
  readonly signal: AbortSignal;
}

/** How the value that is there can be had again. */
export async function formerFrom(
  gcp: GcpTransport,
  { params, service, entry, signal }: Question & { readonly service: RunService; readonly entry: Entry },
): Promise<VariablePrior["former"]> {
  if (entry.kind !== "plain") return null;
  if (isShownFlag(params.name, entry.value)) return { value: entry.value };
  for (const revision of new Set([service.latestReadyRevision, service.latestCreatedRevision])) {
    if (revision === undefined) continue;
    const kept = await valueIn(gcp, { params, revision, signal });
    if (kept.ok && kept.value === entry.value) return { revision };
  }
  return "lost";
}

export type PreparedEdit =
  /** `hide` takes both values out of a text. */
  | { readonly ok: true; readonly edit: RunEdit; readonly hide: Redact }
  | { readonly ok: false; readonly because: string };

/** The change of the template; the former value is read where it is kept. */
export async function variableEdit(
  gcp: GcpTransport,
  { params, prior, signal }: Question & { readonly prior: Json },
): Promise<PreparedEdit> {
  const { former = null, index, ready } = (prior ?? {}) as Partial<VariablePrior>;
  const kept = await formerValue(gcp, { params, former, signal });
  if (!kept.ok) return kept;
  const { name, value, container } = params;
  const edit: RunEdit = {
    updateMask: ["template.containers"],
    wasReady: ready !== false,
    where({ rawTemplate }) {
      const entry = entryOf(rawTemplate, name, container);
      if (entry.kind !== "absent" && entry.kind !== "plain") return "elsewhere";
      const now = entry.kind === "plain" ? entry.value : undefined;
      if (now === value) return "after";
      return now === kept.value ? "before" : "elsewhere";
    },
    change: (template) => withVariable(template, { name, value, container }),
    undo: (template) =>
      withVariable(template, { name, value: kept.value, container, index: index ?? undefined }),
  };
  return { ok: true, edit, hide: hideValues(name, [value, kept.value]) };
}

type Kept =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly because: string };

async function formerValue(
  gcp: GcpTransport,
  { params, former, signal }: Question & { readonly former: VariablePrior["former"] },
): Promise<Kept> {
  if (former === null) return { ok: true, value: undefined };
  if (former === "lost") return { ok: false, because: `the former value of ${params.name} is not known` };
  if ("value" in former) return { ok: true, value: former.value };
  return valueIn(gcp, { params, revision: former.revision, signal });
}

async function valueIn(
  gcp: GcpTransport,
  { params, revision, signal }: Question & { readonly revision: string },
): Promise<Kept> {
  const { name, container } = params;
  const found = await getRunRevision(gcp, { ...params, revision, signal });
  if (found.kind !== "known") return { ok: false, because: unknownFact(`revision ${revision}`, found) };
  const { containers } = found.value.template;
  const of = container === undefined ? containers[0] : containers.find((each) => each.name === container);
  const variable = of?.env.find((each) => each.name === name);
  if (variable?.kind === "plain") return { ok: true, value: variable.value };
  return { ok: false, because: `revision ${revision} does not hold ${name} as a plain value` };
}
