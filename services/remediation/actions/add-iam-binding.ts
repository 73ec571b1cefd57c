import { addMember, getIamPolicy, hasMember, removeMember } from "../../gcp/iam-policy.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Action, Assessment, Capabilities, Json, Outcome } from "../action.ts";
import {
  type GcpActionOptions,
  NO_READER,
  NO_WRITER,
  TRIES,
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
  waitToTry,
} from "./gcp.ts";
import { holdsRole } from "./holds-role.ts";
import { type BindingParams, grantAdvice, roleHindrance } from "./iam-rules.ts";
import { MEMBER_RULE, RESOURCE_RULE, ROLE_RULE } from "./names.ts";
import { readParams } from "./params.ts";
import { commandLine } from "./shell.ts";

type Prior = {
  /** Whether whoever reads held the role's permissions before: if not, that it does now proves something. */
  readonly held: boolean | null;
  /** Wall clock, ms. */
  readonly at: number;
};

export interface BindingOptions extends GcpActionOptions {
  /**
   * Who was granted something can seldom be asked whether it holds. After so long a binding counts as being in force, and
   * the step's verification says whether it is. Google: two minutes as a rule, at times more than seven.
   */
  readonly spreadMs?: number;
}

const RULES = { resource: RESOURCE_RULE, role: ROLE_RULE, member: MEMBER_RULE };

/** Grants a role on a resource. Rolling back removes this member from this binding, and nothing else. */
export function createAddIamBinding({
  pause,
  spreadMs = 120_000,
}: BindingOptions = {}): Action<BindingParams> {
  return {
    kind: "add-iam-binding",
    destructive: false,
    parse: (params) => readParams<BindingParams>(params, RULES),
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const { resource, role, member } = params;
      const hindrance = await roleHindrance(gcp, { params, signal });
      if (hindrance !== undefined) return refused(hindrance);
      const policy = await getIamPolicy(gcp, { resource, signal });
      if (policy.kind === "absent") return refused(`there is no ${resource}`);
      if (policy.kind === "unknown") return unknown(unknownFact(`the policy of ${resource}`, policy));
      if (hasMember(policy.value, params))
        return { kind: "satisfied", evidence: `${member} has ${role} on ${resource}` };
      const held = await holdsRole(gcp, { resource, role, signal });
      const change = {
        symbol: "+",
        target: `policy of ${resource}`,
        before: null,
        after: { role, member },
      } as const;
      const prior: Prior = { held: held ?? null, at: can.clock.now() };
      return { kind: "needed", change, prior };
    },
    async apply(params, _prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const { role, member, resource } = params;
      const what = `granting ${role} on ${resource} to ${member}`;
      let said = what;
      // Sent again where no answer came: what was done already is found done.
      for (let attempt = 0; attempt < TRIES; attempt++) {
        if (attempt > 0) await waitToTry(attempt, signal, pause);
        const written = await addMember(writer, { ...params, signal, ...(pause && { sleep: pause }) });
        if (written.kind === "ok")
          return pending(`${member} has ${role} on ${resource}, which has yet to spread`);
        said = sentenceOf(what, written.error);
        if (!isLost(written.error)) return failed(grantAdvice(said));
      }
      return pending(`${said}; whether it was done will show`);
    },
    async settle(params, prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      const { resource, role, member } = params;
      const policy = await getIamPolicy(gcp, { resource, signal });
      if (policy.kind === "absent") return failed(`there is no ${resource}`);
      if (policy.kind === "unknown") return pending(unknownFact(`the policy of ${resource}`, policy));
      if (!hasMember(policy.value, params)) return pending(`the policy of ${resource} does not show it yet`);
      return spread(gcp, { params, prior, can, signal, spreadMs }, `${member} has ${role} on ${resource}`);
    },
    async rollback(params, _prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const { role, member, resource } = params;
      const written = await removeMember(writer, { ...params, signal, ...(pause && { sleep: pause }) });
      if (written.kind === "ok") return done(`${member} has no ${role} of its own on ${resource}`);
      const said = sentenceOf(`taking ${role} on ${resource} from ${member}`, written.error);
      return isLost(written.error) ? pending(said) : failed(said);
    },
    async locate(params, _prior, can, signal) {
      const { resource } = params;
      const policy = await getIamPolicy(readerOrThrow(can), { resource, signal });
      if (policy.kind !== "known") return positionUnknown(unknownFact(`the policy of ${resource}`, policy));
      return hasMember(policy.value, params) ? "after" : "before";
    },
    command: ({ resource, role, member }) => commandLine([...gcloudFor(resource)], { member, role }),
    permissions: ({ resource }) => {
      const kind = Object.entries(POLICIES).find(([part]) => resource.includes(`/${part}/`))?.[1];
      return ["getIamPolicy", "setIamPolicy"].map((verb) => ({
        permission: `${kind ?? "resourcemanager.projects"}.${verb}`,
        resource,
      }));
    },
  };
}

const POLICIES: Readonly<Record<string, string>> = {
  services: "run.services",
  secrets: "secretmanager.secrets",
  serviceAccounts: "iam.serviceAccounts",
};

function gcloudFor(resource: string): readonly string[] {
  const [, project = "", collection, name = "", , service = ""] = resource.split("/");
  const verb = "add-iam-policy-binding";
  if (collection === "locations")
    return ["gcloud", "run", "services", verb, service, "--region", name, "--project", project];
  if (collection === "secrets") return ["gcloud", "secrets", verb, name, "--project", project];
  if (collection === "serviceAccounts")
    return ["gcloud", "iam", "service-accounts", verb, name, "--project", project];
  return ["gcloud", "projects", verb, project];
}

interface Spreading {
  readonly params: BindingParams;
  readonly prior: Json;
  readonly can: Capabilities;
  readonly signal: AbortSignal;
  readonly spreadMs: number;
}

/** Whether it is in force, by whoever did not hold the permissions before and does now; else by the time that has passed. */
async function spread(
  gcp: GcpTransport,
  { params: { resource, role }, prior, can, signal, spreadMs }: Spreading,
  said: string,
): Promise<Outcome> {
  const { held = null, at = 0 } = (prior ?? {}) as Partial<Prior>;
  if (held === false && (await holdsRole(gcp, { resource, role, signal })) === true)
    return done(`${said}, and it is in force`);
  const seconds = Math.round((can.clock.now() - at) / 1000);
  if (seconds * 1000 >= spreadMs)
    return done(`${said} for ${seconds} s; at times it takes more than 7 minutes to be in force`);
  return pending(`${said}, and it spreads: 2 minutes as a rule, at times more than 7`);
}
