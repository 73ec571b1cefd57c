import { ask, pathOf } from "../../gcp/ask.ts";
import { fieldsOf, present, textOf } from "../../gcp/fields.ts";
import { type RunServiceId, rolloutOf } from "../../gcp/run.ts";
import { type RunService, parseRunService } from "../../gcp/run-service.ts";
import type { GcpTransport, Known } from "../../gcp/transport.ts";
import type { Redact } from "../../redact.ts";
import type { Action, Assessment, Outcome, ParamFault } from "../action.ts";
import {
  type GcpActionOptions,
  NO_READER,
  NO_WRITER,
  failed,
  pending,
  positionUnknown,
  readerOf,
  readerOrThrow,
  refused,
  unknown,
  unknownFact,
} from "./gcp.ts";
import { CONTAINER_RULE, PROJECT_RULE, REGION_RULE, SERVICE_RULE, VARIABLE_RULE, optional } from "./names.ts";
import { type Rules, readParams } from "./params.ts";
import { applyEdit, describeService, locateEdit, pinnedTo, settleEdit, undoEdit } from "./run-edit.ts";
import { commandLine, quoteWord } from "./shell.ts";
import { entryOf, hideValues, isShownFlag, opensUp, secretReason, shownValue } from "./variable.ts";
import { type VariableParams, type VariablePrior, formerFrom, variableEdit } from "./variable-edit.ts";

/** Longer ones Cloud Run does not take. */
const LONGEST = 32_768;

const RULES: Rules<VariableParams> = {
  project: PROJECT_RULE,
  region: REGION_RULE,
  service: SERVICE_RULE,
  name: VARIABLE_RULE,
  value: {
    expected: `text of at most ${LONGEST} characters without control characters`,
    optional: true,
    accepts: (value) => typeof value === "string" && value.length <= LONGEST && !/\p{Cc}/u.test(value),
  },
  container: optional(CONTAINER_RULE),
};

/** Sets one variable of a container, or removes it where no value is given. Values are never shown, but yes and no of flags. */
export function createSetVariable({ pause }: GcpActionOptions = {}): Action<VariableParams> {
  return {
    kind: "set-variable",
    destructive: false,
    parse: (params) => readParams<VariableParams>(params, RULES, valueFaults),
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const about = describeService(params);
      const found = await getService(gcp, { ...params, signal });
      if (found.kind === "absent") return refused(`there is no ${about}`);
      if (found.kind === "unknown") return unknown(unknownFact(about, found));
      const { service, uid } = found.value;
      const { name, value, container } = params;
      const entry = entryOf(service.rawTemplate, name, container);
      if (entry.kind === "unclear") return refused(`${about}: ${entry.because}`);
      if (entry.kind === "reference")
        return refused(`${name} of ${about} comes from ${entry.of}, and is not replaced by a plain value`);
      if (value !== undefined && opensUp(name, value))
        return refused(
          `${name}=${value} switches a protection off: what passes while it is on proves nothing`,
        );
      const before = entry.kind === "plain" ? entry.value : undefined;
      const rollout = rolloutOf(service);
      if (before === value) {
        const what = value === undefined ? `${name} is not set` : `${name} is set so`;
        if (rollout.kind === "succeeded")
          return { kind: "satisfied", evidence: `${what} in revision ${rollout.revision} of ${about}` };
        const hide = hideValues(name, [value]);
        const said = `${what} in ${about} already, and its revision is not ready: ${hide(rollout.because)}`;
        return rollout.kind === "failed" ? refused(said) : unknown(said);
      }
      const pinned = pinnedTo(service);
      if (pinned !== undefined) return refused(`${about}: ${pinned}`);
      const prior: VariablePrior = {
        former: await formerFrom(gcp, { params, service, entry, signal }),
        index: entry.kind === "plain" ? entry.index : null,
        ready: rollout.kind === "succeeded",
      };
      if (prior.former === "lost")
        return refused(
          `the value that ${name} of ${about} has is in no revision, so it could not be put back`,
        );
      const symbol = before === undefined ? "+" : value === undefined ? "-" : "~";
      const change = {
        symbol,
        target: about,
        before: { [name]: shownValue(name, before, uid) },
        after: { [name]: shownValue(name, value, uid) },
      } as const;
      return { kind: "needed", change, prior };
    },
    async apply(params, prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const edit = await variableEdit(writer, { params, prior, signal });
      if (!edit.ok) return failed(edit.because);
      return withoutValues(await applyEdit(writer, { ...params, edit: edit.edit, pause, signal }), edit);
    },
    async settle(params, prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      const edit = await variableEdit(gcp, { params, prior, signal });
      if (!edit.ok) return pending(edit.because);
      return withoutValues(await settleEdit(gcp, { ...params, edit: edit.edit, signal }), edit);
    },
    async rollback(params, prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const edit = await variableEdit(writer, { params, prior, signal });
      if (!edit.ok) return failed(edit.because);
      return withoutValues(await undoEdit(writer, { ...params, edit: edit.edit, pause, signal }), edit);
    },
    async locate(params, prior, can, signal) {
      const gcp = readerOrThrow(can);
      const edit = await variableEdit(gcp, { params, prior, signal });
      return edit.ok
        ? locateEdit(gcp, { ...params, edit: edit.edit, signal })
        : positionUnknown(edit.because);
    },
    command: commandOf,
    permissions: ({ project, region, service }) =>
      ["run.services.get", "run.services.update", "run.revisions.get"].map((permission) => ({
        permission,
        resource: `projects/${project}/locations/${region}/services/${service}`,
      })),
  };
}

/** A value that is not shown is taken from the variable of that name in the person's own shell. */
function commandOf({ project, region, service, name, value, container }: VariableParams): string {
  const line = commandLine(["gcloud", "run", "services", "update", service], { project, region, container });
  if (value === undefined) return `${line} --remove-env-vars ${name}`;
  if (isShownFlag(name, value)) return `${line} --update-env-vars ${quoteWord(`${name}=${value}`)}`;
  // gcloud's sign for another separator than the comma, which values often hold.
  return `${line} --update-env-vars "^::^${name}=$${name}"`;
}

function valueFaults({ name, value }: VariableParams): readonly ParamFault[] {
  const reason = value === undefined ? undefined : secretReason(name, value);
  if (reason === undefined) return [];
  const expected = "no secret: put it into Secret Manager, and refer to it in the service";
  return [{ path: "params.value", expected, found: `text that is not shown: ${reason}` }];
}

/** Google's sentences may quote what a variable was set to. */
function withoutValues(outcome: Outcome, { hide }: { readonly hide: Redact }): Outcome {
  return outcome.kind === "done"
    ? { kind: "done", evidence: hide(outcome.evidence) }
    : { kind: outcome.kind, because: hide(outcome.because) };
}

/** With its id, which nothing else needs. */
async function getService(
  gcp: GcpTransport,
  { project, region, service, signal }: RunServiceId,
): Promise<Known<{ readonly service: RunService; readonly uid?: string }>> {
  const path = pathOf("v2", "projects", project, "locations", region, "services", service);
  return ask(gcp, { api: "run", method: "GET", path, signal }, (body) => {
    const parsed = parseRunService(body);
    return parsed && present({ service: parsed, uid: textOf(fieldsOf(body)["uid"]) });
  });
}
