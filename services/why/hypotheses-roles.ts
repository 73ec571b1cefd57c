import type { IamPolicy } from "../gcp/iam-policy.ts";
import { serviceAgents } from "../gcp/service-agents.ts";
import type { Known } from "../gcp/transport.ts";
import type { CloudFacts } from "./cloud.ts";
import { egressOf } from "./egress.ts";
import { holds, INHERITED, runtimeMember } from "./runtime-account.ts";
import {
  api,
  type Case,
  exclude,
  type Hypothesis,
  type Judgement,
  link,
  show,
  unknownFor,
} from "./hypothesis.ts";
import {
  isThroughProxy,
  isUnreached,
  leadsTo,
  mayLackRoute,
  saysIamLogin,
  saysNotAuthorized,
} from "./relevance.ts";
import type { WrongRemedy } from "./root-cause.ts";

/** Each holds `cloudsql.instances.connect` and `.get`. Roles of one's own are not known here. */
const CLIENT_ROLES = [
  "roles/cloudsql.client",
  "roles/cloudsql.editor",
  "roles/cloudsql.admin",
  "roles/editor",
  "roles/owner",
];
const LOGIN_ROLES = ["roles/cloudsql.instanceUser", "roles/cloudsql.admin", "roles/owner"];
const AGENT_ROLES = ["roles/run.serviceAgent", "roles/editor", "roles/owner"];

/** Whether the way leads through Cloud SQL's own connector, which asks for a role; a direct login asks for none. */
function isThroughConnector(its: Case): boolean {
  const { facts, symptom } = its;
  if (symptom.host?.startsWith("/cloudsql/") === true || isThroughProxy(its) || saysNotAuthorized(its))
    return true;
  const { sql, run, resource } = facts ?? {};
  if (resource?.kind !== "sql") return false;
  const full = `${resource.project}:${resource.region}:${resource.instance}`;
  const attached = run?.kind === "known" && run.value.template.sqlInstances.includes(full);
  return attached || (sql?.kind === "known" && sql.value.connectorsRequired);
}

interface Wanted {
  readonly policy: Known<IamPolicy> | undefined;
  readonly project: string;
  readonly member: string | undefined;
  readonly roles: readonly string[];
  readonly who: string;
  /** The message says so itself. */
  readonly proven: boolean;
  readonly notHelpful?: readonly WrongRemedy[];
}

function judgeRole({
  policy,
  project,
  member,
  roles,
  who,
  proven,
  notHelpful = [],
}: Wanted): readonly Judgement[] {
  const [role = ""] = roles;
  const name = `policy of projects/${project}`;
  if (member === undefined) return unknownFor("ROLE_MISSING", who, undefined);
  if (policy?.kind !== "known")
    return unknownFor("ROLE_MISSING", `whether ${member} has ${role} in ${project}`, policy);
  const held = holds(policy.value, roles, member);
  if (held === "yes") return [exclude("ROLE_MISSING", api(name, `${member} has the rights of ${role}`))];
  if (held === "conditional")
    return [
      {
        kind: "unknown",
        code: "ROLE_MISSING",
        missing: [{ what: `whether ${role} holds for ${member}`, because: "its binding has a condition" }],
      },
    ];
  const evidence = api(name, `no binding of ${role} for ${member}`);
  return [
    show({
      code: "ROLE_MISSING",
      about: `${role} for ${member} in ${project}`,
      links: [
        link(`${who} lacks ${role} in ${project}`, evidence),
        link(`no binding of projects/${project} names it`, evidence),
      ],
      actions: [{ kind: "add-iam-binding", params: { resource: `projects/${project}`, role, member } }],
      facts: { project, member, role },
      missing: proven ? [] : [INHERITED],
      notHelpful,
    }),
  ];
}

/** Through Cloud SQL's connector the service's account needs a role in the project of the instance. */
export const clientRole: Hypothesis = (its) => {
  const { facts } = its;
  if (facts?.resource?.kind !== "sql" || facts.target.service === undefined) return [];
  const login = saysIamLogin(its);
  if (!login && !(isUnreached(its) || saysNotAuthorized(its))) return [];
  if (!login && !isThroughConnector(its)) return [];
  const member = runtimeMember(facts);
  return judgeRole({
    policy: facts.instancePolicy,
    project: facts.resource.project,
    member,
    roles: login ? LOGIN_ROLES : CLIENT_ROLES,
    who: "the account that the service runs as",
    proven: login || saysNotAuthorized(its),
    notHelpful: elsewhere(facts, member),
  });
};

/** Granting it in the caller's project is a mistake that is often seen. */
function elsewhere(
  { resource, target, projectPolicy }: CloudFacts,
  member: string | undefined,
): WrongRemedy[] {
  if (resource === undefined || resource.project === target.project || member === undefined) return [];
  const has = projectPolicy?.kind === "known" && holds(projectPolicy.value, CLIENT_ROLES, member) === "yes";
  return [
    {
      remedy: `Granting roles/cloudsql.client in ${target.project}${has ? ", where it is granted already" : ""}`,
      because: `the instance is in ${resource.project}, and the role counts there alone`,
    },
  ];
}

/** Cloud Run's own agent carries the service's packets into the VPC. */
export const agentRole: Hypothesis = (its) => {
  const { facts } = its;
  if (facts === undefined || !mayLackRoute(its)) return [];
  const egress = egressOf(facts);
  if (egress === undefined || egress === "none" || facts.project?.kind !== "known") return [];
  if (egress.egress !== "ALL_TRAFFIC" && leadsTo(its) !== "private") return [];
  const { projectNumber } = facts.project.value;
  return judgeRole({
    policy: facts.projectPolicy,
    project: facts.target.project,
    member: `serviceAccount:${serviceAgents(projectNumber).run}`,
    roles: AGENT_ROLES,
    who: "Cloud Run's service agent",
    proven: false,
  });
};
