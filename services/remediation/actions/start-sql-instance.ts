import { type SqlInstance, getSqlInstance } from "../../gcp/cloud-sql.ts";
import type { Action, Assessment, Json, Outcome } from "../action.ts";
import { createBegun } from "./begun.ts";
import {
  type GcpActionOptions,
  NO_READER,
  NO_WRITER,
  done,
  failed,
  pending,
  positionUnknown,
  readerOf,
  readerOrThrow,
  refused,
  unknown,
  unknownFact,
} from "./gcp.ts";
import { INSTANCE_RULE, PROJECT_RULE } from "./names.ts";
import { readParams } from "./params.ts";
import { commandLine } from "./shell.ts";
import { sqlProgress } from "./sql-progress.ts";
import { switchPolicy } from "./sql-switch.ts";

type StartSqlInstance = { readonly project: string; readonly instance: string };

type Prior = {
  readonly activationPolicy: "NEVER";
  /** Counted up by Google with each change of the settings. */
  readonly settingsVersion: string | null;
  /** When it was looked at, in ms of the wall clock: older operations are not ours. */
  readonly at: number;
};

const RULES = { project: PROJECT_RULE, instance: INSTANCE_RULE };

/** Starts a Cloud SQL instance that its owner stopped; one to three minutes. Rolling back stops it again. */
export function createStartSqlInstance({ pause }: GcpActionOptions = {}): Action<StartSqlInstance> {
  const begun = createBegun();
  return {
    kind: "start-sql-instance",
    destructive: false,
    parse: (params) => readParams<StartSqlInstance>(params, RULES),
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const about = aboutOf(params);
      const found = await getSqlInstance(gcp, { ...params, signal });
      if (found.kind === "absent") return refused(`there is no ${about}`);
      if (found.kind === "unknown") return unknown(unknownFact(about, found));
      const { activationPolicy, settingsVersion } = found.value;
      const ill = illnessOf(found.value);
      if (ill !== undefined) return refused(`${about} ${ill}`);
      if (activationPolicy !== "NEVER")
        return {
          kind: "satisfied",
          evidence: `${about} is not stopped: activationPolicy ${activationPolicy}`,
        };
      const change = {
        symbol: "~",
        target: `sql instance ${params.instance} (${params.project})`,
        before: { activationPolicy: "NEVER" },
        after: { activationPolicy: "ALWAYS" },
      } as const;
      const prior: Prior = {
        activationPolicy: "NEVER",
        settingsVersion: settingsVersion ?? null,
        at: can.clock.now(),
      };
      return { kind: "needed", change, prior };
    },
    async apply(params, prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const about = aboutOf(params);
      const running = await sqlProgress(writer, { ...params, begun, since: sinceOf(prior), signal });
      if (running.kind === "running") return pending(`an operation on ${about} is under way`);
      return switchPolicy(writer, {
        ...params,
        about,
        to: "ALWAYS",
        begun,
        signal,
        pause,
        judge: ({ activationPolicy, state }) =>
          activationPolicy === "NEVER"
            ? undefined
            : state === "RUNNABLE"
              ? done(`${about} runs`)
              : pending(`${about} is ${state}`),
      });
    },
    async settle(params, prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      const about = aboutOf(params);
      const running = await sqlProgress(gcp, { ...params, begun, since: sinceOf(prior), signal });
      if (running.kind === "running") return pending(`${about} is being started`);
      if (running.kind === "failed") return failed(`starting ${about}: ${running.message}`);
      const found = await getSqlInstance(gcp, { ...params, signal });
      if (found.kind === "absent") return failed(unknownFact(about, found));
      if (found.kind === "unknown") return pending(unknownFact(about, found));
      const ill = illnessOf(found.value);
      if (ill !== undefined) return failed(`${about} ${ill}`);
      if (found.value.activationPolicy === "NEVER") return pending(`${about} is not on yet`);
      if (found.value.state !== "RUNNABLE") return pending(`${about} is ${found.value.state}`);
      return done(`${about} is on: activationPolicy ${found.value.activationPolicy}, state RUNNABLE`);
    },
    async rollback(params, prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const about = aboutOf(params);
      const running = await sqlProgress(writer, { ...params, begun, since: sinceOf(prior), signal });
      if (running.kind === "running") return pending(`an operation on ${about} is under way`);
      return switchPolicy(writer, {
        ...params,
        about,
        to: "NEVER",
        begun,
        signal,
        pause,
        judge(instance) {
          if (instance.activationPolicy === "NEVER") return done(`${about} is stopped, as it was`);
          return isOurs(instance, prior)
            ? undefined
            : done(`others have changed the settings of ${about} since, so it is left on`);
        },
      });
    },
    async locate(params, prior, can, signal) {
      const gcp = readerOrThrow(can);
      const running = await sqlProgress(gcp, { ...params, begun, since: sinceOf(prior), signal });
      if (running.kind === "running") return "between";
      const found = await getSqlInstance(gcp, { ...params, signal });
      if (found.kind !== "known") return positionUnknown(unknownFact(aboutOf(params), found));
      if (found.value.activationPolicy === "NEVER") return "before";
      if (!isOurs(found.value, prior)) return "elsewhere";
      return found.value.state === "RUNNABLE" ? "after" : "between";
    },
    command: ({ project, instance }) =>
      commandLine(["gcloud", "sql", "instances", "patch", instance], {
        project,
        "activation-policy": "ALWAYS",
      }),
    permissions: ({ project }) =>
      ["get", "update"].map((verb) => ({
        permission: `cloudsql.instances.${verb}`,
        resource: `projects/${project}`,
      })),
  };
}

const aboutOf = ({ project, instance }: StartSqlInstance): string => `sql instance ${instance} in ${project}`;

const priorOf = (prior: Json): Partial<Prior> => (typeof prior === "object" && prior ? (prior as Prior) : {});

const sinceOf = (prior: Json): number => priorOf(prior).at ?? 0;

/** Our own change alone has counted the settings up by one. */
function isOurs({ activationPolicy, settingsVersion }: SqlInstance, prior: Json): boolean {
  if (activationPolicy !== "ALWAYS") return false;
  const before = priorOf(prior).settingsVersion;
  if (before === undefined || before === null || settingsVersion === undefined) return true;
  return Number(settingsVersion) <= Number(before) + 1;
}

/** What no switch cures. */
function illnessOf({ state, suspensionReasons }: SqlInstance): string | undefined {
  if (state === "SUSPENDED") {
    const why = suspensionReasons.join(", ");
    return `is SUSPENDED${why === "" ? "" : ` (${why})`}: starting it does not help, the project's billing or its key has to be put right`;
  }
  if (state === "FAILED") return "has FAILED: it has to be restored or cloned by a person";
  if (state === "PENDING_DELETE") return "is being deleted";
  return undefined;
}
