/** The account that the service runs as, and what policies say of it. */
import { hasMember, type IamPolicy } from "../gcp/iam-policy.ts";
import { serviceAgents } from "../gcp/service-agents.ts";
import type { CloudFacts } from "./cloud.ts";
import type { Missing } from "./root-cause.ts";

/** Bindings of folders, the organisation and groups are in no project's policy. */
export const INHERITED: Missing = {
  what: "roles that come from a folder, the organisation, a group or a role of one's own",
  because: "they are not in the policy of the project",
};

/** The account that the service runs as, as a member of policies; undefined while it is not known. */
export function runtimeMember({ run, project }: CloudFacts): string | undefined {
  if (run?.kind !== "known") return undefined;
  const { serviceAccount } = run.value.template;
  if (serviceAccount !== undefined) return `serviceAccount:${serviceAccount}`;
  return project?.kind === "known"
    ? `serviceAccount:${serviceAgents(project.value.projectNumber).defaultCompute}`
    : undefined;
}

/** `conditional`: only with a condition that nothing here evaluates. */
export function holds(
  policy: IamPolicy,
  roles: readonly string[],
  member: string,
): "yes" | "no" | "conditional" {
  if (roles.some((role) => hasMember(policy, { role, member }))) return "yes";
  const conditional = policy.bindings.some(
    ({ role, members, condition }) =>
      condition !== undefined && roles.includes(role) && members.includes(member),
  );
  return conditional ? "conditional" : "no";
}

/** A new revision did not start, because it may not read one of its secrets. */
export const secretsRefused = ({ run }: CloudFacts): boolean =>
  run?.kind === "known" &&
  [run.value.terminalCondition, ...run.value.conditions].some(
    (condition) => condition?.reason === "SECRETS_ACCESS_CHECK_FAILED",
  );
