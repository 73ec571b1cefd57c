import { disableApi, enableApi, getApiOperation, getApiState } from "../../gcp/service-usage.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Action, Assessment, Outcome } from "../action.ts";
import { apiAnswers } from "./api-answers.ts";
import { type Progress, createBegun } from "./begun.ts";
import {
  NO_READER,
  NO_WRITER,
  done,
  failed,
  isLost,
  pending,
  positionUnknown,
  readerOf,
  readerOrThrow,
  refused,
  sentenceOf,
  unknown,
  unknownFact,
} from "./gcp.ts";
import { API_RULE, PROJECT_RULE } from "./names.ts";
import { readParams } from "./params.ts";
import { commandLine } from "./shell.ts";

// A type alias, since an interface is not assignable to a record of JSON.
type EnableApi = { readonly project: string; readonly api: string };

const RULES = { project: PROJECT_RULE, api: API_RULE };

/** Switches an API of a project on. Google takes a while to let everybody know of it. */
export function createEnableApi(): Action<EnableApi> {
  const begun = createBegun();
  const progress = (gcp: GcpTransport, about: string, signal: AbortSignal): Promise<Progress> =>
    begun.progress(about, (name) => getApiOperation(gcp, { name, signal }));
  const aboutOf = ({ project, api }: EnableApi): string => `${api} in ${project}`;
  return {
    kind: "enable-api",
    destructive: false,
    parse(params) {
      const read = readParams<EnableApi>(params, RULES);
      return read.ok ? { ok: true, params: { ...read.params, api: fullName(read.params.api) } } : read;
    },
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const about = aboutOf(params);
      const state = await getApiState(gcp, { ...params, signal });
      if (state.kind === "absent") return refused(`Google knows no API ${about}`);
      if (state.kind === "unknown") return unknown(unknownFact(about, state));
      if (state.value === "ENABLED") return { kind: "satisfied", evidence: `${about} is enabled` };
      const change = {
        symbol: "+",
        target: `api ${params.api} (${params.project})`,
        before: { state: "DISABLED" },
        after: { state: "ENABLED" },
      } as const;
      return { kind: "needed", change, prior: { state: "DISABLED" } };
    },
    async apply(params, _prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const about = aboutOf(params);
      const state = await getApiState(writer, { ...params, signal });
      if (state.kind !== "known") return failed(unknownFact(about, state));
      if (state.value === "ENABLED") return done(`${about} is enabled`);
      const written = await enableApi(writer, { ...params, signal });
      if (written.kind === "failed") {
        const said = sentenceOf(`enabling ${about}`, written.error);
        return isLost(written.error) ? pending(`${said}; whether it was done will show`) : failed(said);
      }
      if (written.value.kind === "failed") return failed(`enabling ${about}: ${written.value.message}`);
      begun.remember(about, written.value);
      return pending(`${about} is being enabled`);
    },
    async settle(params, _prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      const about = aboutOf(params);
      const operation = await progress(gcp, about, signal);
      if (operation.kind === "failed") return failed(`enabling ${about}: ${operation.message}`);
      const state = await getApiState(gcp, { ...params, signal });
      if (state.kind === "absent") return failed(unknownFact(about, state));
      if (state.kind === "unknown") return pending(unknownFact(about, state));
      if (state.value !== "ENABLED") return pending(`${about} is not enabled yet`);
      if (await apiAnswers(gcp, { ...params, signal })) return done(`${about} is enabled, and answers`);
      return pending(`${about} is enabled, and Google has not told everybody yet`);
    },
    async rollback(params, _prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const about = aboutOf(params);
      // Enabling that still runs would be done after this.
      const enabling = await progress(writer, about, signal);
      if (enabling.kind === "running") return pending(`${about} is still being enabled`);
      const disabling = await progress(writer, `off ${about}`, signal);
      if (disabling.kind === "running") return pending(`${about} is being switched off`);
      if (disabling.kind === "failed") return failed(`switching ${about} off: ${disabling.message}`);
      const state = await getApiState(writer, { ...params, signal });
      if (state.kind !== "known") return failed(unknownFact(about, state));
      if (state.value !== "ENABLED") return done(`${about} is off`);
      const written = await disableApi(writer, { ...params, signal });
      if (written.kind === "failed") {
        const said = sentenceOf(`switching ${about} off`, written.error);
        return isLost(written.error) ? pending(`${said}; whether it was done will show`) : failed(said);
      }
      begun.remember(`off ${about}`, written.value);
      return pending(`${about} is being switched off`);
    },
    async locate(params, _prior, can, signal) {
      const state = await getApiState(readerOrThrow(can), { ...params, signal });
      if (state.kind !== "known") return positionUnknown(unknownFact(aboutOf(params), state));
      return state.value === "ENABLED" ? "after" : "before";
    },
    command: ({ project, api }) => commandLine(["gcloud", "services", "enable", api], { project }),
    permissions: ({ project }) =>
      ["get", "enable", "disable"].map((verb) => ({
        permission: `serviceusage.services.${verb}`,
        resource: `projects/${project}`,
      })),
  };
}

const fullName = (api: string): string => (api.includes(".") ? api : `${api}.googleapis.com`);
