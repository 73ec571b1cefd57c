import type { CloudFacts, SecretFact } from "./cloud.ts";
import { api, exclude, type Hypothesis, type Judgement, link, show, unknownFor } from "./hypothesis.ts";
import { isRejected } from "./relevance.ts";
import { holds, INHERITED, runtimeMember, secretsRefused } from "./runtime-account.ts";

/** The socket is there only when the revision has the instance among its volumes. */
export const notAttached: Hypothesis = ({ symptom, facts }) => {
  if (symptom.cause.code !== "SOCKET_MISSING" || facts?.resource?.kind !== "sql") return [];
  const { run, resource, target } = facts;
  const name = `run service ${target.service ?? "(none configured)"}`;
  if (run?.kind !== "known") return unknownFor("SQL_NOT_ATTACHED", `the volumes of ${name}`, run);
  const full = `${resource.project}:${resource.region}:${resource.instance}`;
  const { sqlInstances } = run.value.template;
  const evidence = api(name, `cloudSqlInstance.instances is [${sqlInstances.join(", ")}]`);
  if (sqlInstances.includes(full)) return [exclude("SQL_NOT_ATTACHED", evidence)];
  const command = `gcloud run services update ${target.service ?? "SERVICE"} --region ${target.region} --project ${target.project} --add-cloudsql-instances ${full}`;
  return [
    show({
      code: "SQL_NOT_ATTACHED",
      about: name,
      links: [link(`the revision of ${target.service ?? "the service"} does not mount ${full}`, evidence)],
      actions: [{ kind: "manual", params: { instructions: [command] } }],
      facts: { service: target.service, region: target.region, project: target.project, instance: full },
    }),
  ];
};

/** Of secrets only whether they exist, and who may read them; never a value. */
export const secretUnreadable: Hypothesis = (its) => {
  const { facts } = its;
  if (facts === undefined) return [];
  const refused = secretsRefused(facts);
  if (!isRejected(its) && !refused) return [];
  return (facts.secrets ?? []).flatMap((secret) => judgeSecret(secret, facts, refused));
};

function judgeSecret(
  { project, secret, version, policy }: SecretFact,
  facts: CloudFacts,
  refused: boolean,
): readonly Judgement[] {
  const name = `secret ${secret}`;
  const about = `${name} in ${project}`;
  const member = runtimeMember(facts);
  const role = "roles/secretmanager.secretAccessor";
  const input = { code: "SECRET_UNREADABLE", about, facts: { secret, project, member } } as const;
  const broken =
    version.kind === "absent"
      ? "404: it or its version does not exist"
      : version.kind === "known" && version.value.state !== "ENABLED"
        ? `its version ${version.value.version} is ${version.value.state}`
        : undefined;
  if (broken !== undefined) {
    const instructions = [`Give ${name} in ${project} a version that is enabled, or correct the reference.`];
    const links = [link(`${name} has no version that can be read`, api(name, broken))];
    return [show({ ...input, links, actions: [{ kind: "manual", params: { instructions } }] })];
  }
  if (policy?.kind !== "known" || facts.projectPolicy?.kind !== "known" || member === undefined)
    return unknownFor("SECRET_UNREADABLE", `who may read ${name}`, policy ?? facts.projectPolicy);
  const roles = [role, "roles/secretmanager.admin", "roles/owner"];
  const held = new Set([policy.value, facts.projectPolicy.value].map((each) => holds(each, roles, member)));
  if (held.has("yes")) return [exclude("SECRET_UNREADABLE", api(name, `${member} may read it`))];
  if (held.has("conditional"))
    return unknownFor("SECRET_UNREADABLE", `whether the condition on ${name} holds`, undefined);
  const evidence = api(`policy of ${name}`, `no binding of ${role} for ${member}`);
  return [
    show({
      ...input,
      links: [link(`the account that the service runs as may not read ${name}`, evidence)],
      actions: [
        {
          kind: "add-iam-binding",
          params: { resource: `projects/${project}/secrets/${secret}`, role, member },
        },
      ],
      missing: refused ? [] : [INHERITED],
    }),
  ];
}
