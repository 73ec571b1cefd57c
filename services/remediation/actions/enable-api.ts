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

/** Wall clock, ms: when it was looked at. */
type Prior = { readonly state: "DISABLED"; readonly at: number };

export interface EnableApiOptions {
  /**
   * After a crash nobody knows whether enabling was begun, and while it runs the API looks as if it were not. For so long
   * after the assessment "off" proves nothing then; it takes seconds as a rule.
   */
  readonly graceMs?: number;
}

/** Switches an API of a project on. Google takes a while to let everybody know of it. */
export function createEnableApi({ graceMs = 30_000 }: EnableApiOptions = {}): Action<EnableApi> {
  const begun = createBegun();
  // What was enabled here, or refused: there is no doubt about it.
  const certain = new Set<string>();
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
      const prior: Prior = { state: "DISABLED", at: can.clock.now() };
      return { kind: "needed", change, prior };
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
        if (!isLost(written.error)) certain.add(about);
        return isLost(written.error) ? pending(`${said}; whether it was done will show`) : failed(said);
      }
      certain.add(about);
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
    async rollback(params, prior, { writer, clock }, signal): Promise<Outcome> {
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
      if (state.value !== "ENABLED") {
        const { at = 0 } = (prior ?? {}) as Partial<Prior>;
        const doubtful = !certain.has(about) && clock.now() - at < graceMs;
        return doubtful ? pending(`${about} is off, unless it is being enabled`) : done(`${about} is off`);
      }
      const written = await disableApi(writer, { ...params, signal });
      if (written.kind === "failed") {
        const said = sentenceOf(`switching ${about} off`, written.error);
        return isLost(written.error) ? pending(`${said}; whether it was done will show`) : failed(said);
      }
      // It was on, so enabling has ended: off is off from here.
      certain.add(about);
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
