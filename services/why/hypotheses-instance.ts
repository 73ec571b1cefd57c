import type { ResourceName } from "./cloud.ts";
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
import { isUnreached } from "./relevance.ts";

const SQL_SERVES: ReadonlySet<string> = new Set(["RUNNABLE", "ONLINE_MAINTENANCE"]);
const REDIS_SERVES: ReadonlySet<string> = new Set(["READY", "UPDATING"]);

const nameOf = ({ kind, instance }: ResourceName): string =>
  kind === "sql" ? `Cloud SQL instance ${instance}` : `Memorystore instance ${instance}`;

/** It has to be there. A 403 is what Cloud SQL answers for misspelt names too, so it stays unknown. */
export const instanceMissing: Hypothesis = (its) => {
  const found = instanceOf(its);
  if (found === undefined) return [];
  const { name, known, resource } = found;
  if (known?.kind === "absent") {
    return [
      show({
        code: "INSTANCE_MISSING",
        about: name,
        links: [link(`there is no ${name} in ${resource.project}`, api(name, "404: it does not exist"))],
        actions: [manual(`Correct gcp.dependencies.${its.symptom.dependency}, or make ${name} again.`)],
        facts: { dependency: its.symptom.dependency, project: resource.project },
      }),
    ];
  }
  return known?.kind === "known"
    ? [exclude("INSTANCE_MISSING", api(name, `it exists, state ${known.value.state}`))]
    : unknownFor("INSTANCE_MISSING", `whether ${name} exists`, known);
};

/** RUNNABLE says "running, or has been stopped by owner": the activation policy tells which. */
export const instanceStopped: Hypothesis = ({ symptom, facts }) => {
  const { resource, sql } = facts ?? {};
  if (resource?.kind !== "sql" || !isUnreached({ symptom })) return [];
  const name = nameOf(resource);
  if (sql?.kind === "absent") return [];
  if (sql?.kind !== "known") return unknownFor("INSTANCE_STOPPED", `whether ${name} is stopped`, sql);
  const { activationPolicy, state } = sql.value;
  const evidence = api(name, `settings.activationPolicy is ${activationPolicy}, state is ${state}`);
  if (activationPolicy !== "NEVER") return [exclude("INSTANCE_STOPPED", evidence)];
  const { project, instance } = resource;
  return [
    show({
      code: "INSTANCE_STOPPED",
      about: name,
      links: [
        link(`the ${name} is stopped`, evidence),
        link("its settings.activationPolicy is NEVER", evidence),
      ],
      actions: [{ kind: "start-sql-instance", params: { project, instance } }],
      facts: { project, instance },
      notHelpful: [
        {
          remedy: "Trusting the state RUNNABLE",
          because: "it says that the instance is running, or has been stopped by its owner",
        },
      ],
    }),
  ];
};

export const instanceNotReady: Hypothesis = (its) => {
  const found = instanceOf(its);
  if (found === undefined || found.known?.kind === "absent") return [];
  const { name, known, resource } = found;
  if (known?.kind !== "known") return unknownFor("INSTANCE_NOT_READY", `the state of ${name}`, known);
  const { state } = known.value;
  const evidence = api(name, `state is ${state}`);
  const serves = (resource.kind === "sql" ? SQL_SERVES : REDIS_SERVES).has(state);
  if (serves) return [exclude("INSTANCE_NOT_READY", evidence)];
  return [
    show({
      code: "INSTANCE_NOT_READY",
      about: name,
      links: [link(`the ${name} is ${state}`, evidence)],
      actions: [manual(`See the operations and the log of ${name}, and wait until it serves.`)],
    }),
  ];
};

function instanceOf(its: Case) {
  const { resource, sql, redis } = its.facts ?? {};
  if (resource === undefined || !isUnreached(its)) return undefined;
  return { resource, name: nameOf(resource), known: resource.kind === "sql" ? sql : redis };
}

const manual = (...instructions: string[]) => ({ kind: "manual", params: { instructions } }) as const;

/** sqladmin for what goes through a connector of Cloud SQL, vpcaccess for a service that names a connector. */
export const apiDisabled: Hypothesis = (its) => {
  const { facts } = its;
  if (facts === undefined || !isUnreached(its)) return [];
  const needed = neededApis(its);
  return needed.flatMap(({ name, why }): readonly Judgement[] => {
    const { apis, target } = facts;
    const what = `whether ${name} is on`;
    const known = apis?.kind === "known" ? apis.value.get(name) : undefined;
    if (known === undefined || known === "UNSPECIFIED")
      return unknownFor("API_DISABLED", what, unlessKnown(apis));
    const evidence = api(`services of ${target.project}`, `${name} is ${known}`);
    if (known === "ENABLED") return [exclude("API_DISABLED", evidence)];
    return [
      show({
        code: "API_DISABLED",
        about: `${name} in ${target.project}`,
        links: [link(why, evidence), link(`${name} is off in ${target.project}`, evidence)],
        actions: [{ kind: "enable-api", params: { project: target.project, api: name } }],
        facts: { api: name, project: target.project },
        notHelpful: [
          {
            remedy: "Granting more roles",
            because: "an API that is off refuses every caller, whatever roles it has",
          },
        ],
      }),
    ];
  });
};

/** A list that does not name the API says as little as no list. */
const unlessKnown = <T extends { readonly kind: string }>(known: T | undefined) =>
  known?.kind === "known" ? undefined : (known as Exclude<T, { kind: "known" }> | undefined);

function neededApis({ facts }: Case): { readonly name: string; readonly why: string }[] {
  const vpcAccess = facts?.run?.kind === "known" ? facts.run.value.template.vpcAccess : undefined;
  return [
    ...(facts?.resource?.kind === "sql"
      ? [
          {
            name: "sqladmin.googleapis.com",
            why: "nothing can ask Cloud SQL for the way to its instance",
          },
        ]
      : []),
    ...(vpcAccess?.connector === undefined
      ? []
      : [{ name: "vpcaccess.googleapis.com", why: "the connector of the service cannot be used" }]),
  ];
}
