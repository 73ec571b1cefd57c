import { lastPart } from "../gcp/fields.ts";
import { EGRESS_WRONG_REMEDIES, egressNames, egressOf, serviceName, wayInto } from "./egress.ts";
import { api, exclude, type Hypothesis, type Judgement, link, show, unknownFor } from "./hypothesis.ts";
import { isUnreached, leadsTo, mayLackRoute } from "./relevance.ts";
import { observationOf } from "./symptom.ts";

/** The service needs a way into the VPC when the address is private. */
export const noEgress: Hypothesis = (its) => {
  const { facts, symptom } = its;
  if (facts === undefined || !isUnreached(its)) return [];
  if (!mayLackRoute(its))
    return [
      exclude("NO_VPC_EGRESS", { ...observationOf(symptom), found: `${symptom.cause.code}: packets arrive` }),
    ];
  const destination = leadsTo(its);
  if (destination === "public")
    return [exclude("NO_VPC_EGRESS", api("address", `${symptom.dependency} has a public address`))];
  if (destination === undefined)
    return unknownFor("NO_VPC_EGRESS", `whether ${symptom.dependency} has a private address`, facts.sql);
  if (facts.target.service === undefined) return [noService("NO_VPC_EGRESS")];
  const name = serviceName(facts);
  const egress = egressOf(facts);
  if (egress === undefined) return unknownFor("NO_VPC_EGRESS", `the VPC access of ${name}`, facts.run);
  if (egress !== "none") {
    const through = egress.connector === undefined ? "a network interface" : lastPart(egress.connector);
    return [exclude("NO_VPC_EGRESS", api(name, `template.vpcAccess leads through ${through}`))];
  }
  const evidence = api(name, "template.vpcAccess is empty");
  const { actions, notHelpful } = wayInto(facts);
  const input = {
    about: name,
    actions,
    facts: egressNames(facts),
    notHelpful: [...notHelpful, ...EGRESS_WRONG_REMEDIES],
  };
  const [misplaced] = facts.misplaced ?? [];
  const lead = link(`the Cloud Run service ${facts.target.service} has no VPC egress`, evidence);
  if (misplaced === undefined)
    return [
      show({ ...input, code: "NO_VPC_EGRESS", links: [lead, link("template.vpcAccess is empty", evidence)] }),
    ];
  const { file, annotation, value } = misplaced;
  const found = { kind: "config", source: file, found: `metadata.annotations has ${annotation}` } as const;
  return [
    show({
      ...input,
      code: "ANNOTATION_AT_WRONG_LEVEL",
      facts: { ...input.facts, connector: lastPart(value) },
      links: [
        lead,
        link(`${file} has ${annotation} on the service instead of its revision`, found, evidence),
      ],
    }),
  ];
};

const noService = (code: "NO_VPC_EGRESS"): Judgement => ({
  kind: "unknown",
  code,
  missing: [{ what: "which Cloud Run service is meant", because: "gcp.service is not set" }],
});

/** The connector that the service names has to be there, in its region, and to work. */
export const connector: Hypothesis = (its) => {
  const { facts } = its;
  const egress = facts === undefined ? undefined : egressOf(facts);
  if (facts === undefined || !mayLackRoute(its)) return [];
  if (egress === undefined || egress === "none" || egress.connector === undefined) return [];
  const destination = egress.egress === "ALL_TRAFFIC" ? "private" : leadsTo(its);
  if (destination === "public") return [];
  if (destination === undefined) {
    const what = `whether ${its.symptom.dependency} has a private address`;
    return unknownFor("CONNECTOR_ERROR", what, facts.sql);
  }
  const short = lastPart(egress.connector);
  const name = `connector ${short}`;
  const known = facts.connector;
  const named = link(
    `the Cloud Run service ${facts.target.service ?? ""} leaves through the connector ${short}`,
    api(serviceName(facts), `template.vpcAccess.connector is ${egress.connector}`),
  );
  const input = (avoid?: string) => {
    const { actions, notHelpful } = wayInto(facts, avoid);
    return {
      about: name,
      actions,
      facts: { ...egressNames(facts), connector: short },
      notHelpful: [...notHelpful, ...EGRESS_WRONG_REMEDIES],
    };
  };
  if (known?.kind === "absent") {
    const evidence = api(name, `404 in ${facts.target.region}: it does not exist`);
    return [
      show({ ...input(), code: "CONNECTOR_MISSING", links: [named, link(`there is no ${name}`, evidence)] }),
    ];
  }
  if (known?.kind !== "known")
    return [
      ...unknownFor("CONNECTOR_MISSING", `whether ${name} exists`, known),
      ...unknownFor("CONNECTOR_ERROR", `the state of ${name}`, known),
    ];
  const { state } = known.value;
  const evidence = api(name, `state is ${state}`);
  const exists = exclude("CONNECTOR_MISSING", evidence);
  if (state === "READY" || state === "UPDATING") return [exists, exclude("CONNECTOR_ERROR", evidence)];
  if (state !== "ERROR" && state !== "DELETING")
    return [
      exists,
      {
        kind: "unknown",
        code: "CONNECTOR_ERROR",
        missing: [{ what: `whether ${name} becomes READY`, because: `its state is ${state} now` }],
      },
    ];
  return [
    exists,
    show({
      ...input(short),
      code: "CONNECTOR_ERROR",
      links: [named, link(`its state is ${state}`, evidence)],
    }),
  ];
};
