import {
  type Connector,
  type ConnectorId,
  createConnector,
  deleteConnector,
  getConnector,
  listConnectors,
} from "../../gcp/vpc-access.ts";
import type { Action, Assessment, Json, Outcome } from "../action.ts";
import { createBegun } from "./begun.ts";
import { connectorProgress } from "./connector-progress.ts";
import {
  CONNECTOR_RULES,
  type ConnectorParams,
  connectorFaults,
  isAsAsked,
  overlap,
  withAdvice,
} from "./connector-rules.ts";
import { connectorUsers } from "./connector-users.ts";
import { errorConnector } from "./egress-hindrance.ts";
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
import { readParams } from "./params.ts";
import { commandLine } from "./shell.ts";
import { connectorSubnetHindrance } from "./subnet-hindrance.ts";

/**
 * Makes a Serverless VPC Access connector; minutes. One that failed to get healthy stays in ERROR under its name until it is
 * deleted. Rolling back deletes it, unless a service uses it by then.
 */
export function createCreateConnector(): Action<ConnectorParams> {
  const begun = createBegun();
  return {
    kind: "create-connector",
    destructive: false,
    parse: (params) => readParams<ConnectorParams>(params, CONNECTOR_RULES, connectorFaults),
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const found = await listConnectors(gcp, { ...params, signal });
      const about = `the connectors of ${params.project} in ${params.region}`;
      if (found.kind === "unknown") return unknown(unknownFact(about, found));
      const others = found.kind === "known" ? found.value : [];
      const judged = judgeConnectors(params, others);
      if (judged !== undefined) return judged;
      const subnet = await connectorSubnetHindrance(gcp, { ...params, signal });
      if (subnet !== undefined) return subnet;
      const { project, region, name, ...after } = params;
      const change = {
        symbol: "+",
        target: `connector ${name} (${project}, ${region})`,
        before: null,
        after,
      } as const;
      return { kind: "needed", change, prior: { exists: false, at: can.clock.now() } };
    },
    async apply(params, _prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      const found = await getConnector(writer, { ...params, signal });
      if (found.kind === "unknown") return failed(unknownFact(aboutOf(params), found));
      if (found.kind === "known") return outcomeOf(found.value, params);
      const { subnet, network, ...rest } = params;
      // A subnet says itself which network it belongs to.
      const place = subnet === undefined ? { network } : { subnet: { name: subnet } };
      const written = await createConnector(writer, { ...rest, ...place, signal });
      if (written.kind === "ok") {
        if (written.value.kind === "failed")
          return failed(`${aboutOf(params)} was not made: ${withAdvice(written.value.message)}`);
        begun.remember(keyOf(params), written.value);
        return pending(`${aboutOf(params)} is being made, which takes minutes`);
      }
      const { error } = written;
      const said = sentenceOf(`making ${aboutOf(params)}`, error);
      // A create is never sent twice: whether the first arrived only the connector can tell.
      if (!isLost(error) && error.code !== "GCP_CONFLICT") return failed(withAdvice(said));
      const now = await getConnector(writer, { ...params, signal });
      return now.kind === "known"
        ? outcomeOf(now.value, params)
        : pending(`${said}; whether it was done will show`);
    },
    async settle(params, prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      const found = await getConnector(gcp, { ...params, signal });
      const connector = found.kind === "known" ? found.value : undefined;
      if (connector?.state === "READY") return outcomeOf(connector, params);
      // Asked after the connector, so that one in ERROR has the reason beside it.
      const id = { ...params, signal };
      const progress = await connectorProgress(gcp, { id, begun, since: sinceOf(prior) });
      if (progress.kind === "failed")
        return failed(`${aboutOf(params)} was not made: ${withAdvice(progress.message)}`);
      if (connector !== undefined) return outcomeOf(connector, params);
      if (found.kind === "unknown") return pending(unknownFact(aboutOf(params), found));
      return pending(`${aboutOf(params)} does not show yet`);
    },
    async rollback(params, prior, can, signal): Promise<Outcome> {
      const { writer } = can;
      if (writer === undefined) return failed(NO_WRITER);
      const id: ConnectorId = { ...params, signal };
      const about = aboutOf(params);
      const found = await getConnector(writer, id);
      if (found.kind === "unknown") return failed(unknownFact(about, found));
      if (found.kind === "absent") {
        const progress = await connectorProgress(writer, { id, begun, since: sinceOf(prior) });
        return progress.kind === "running"
          ? pending(`${about} is still being made`)
          : done(`there is no ${about}`);
      }
      const { state } = found.value;
      if (!isAsAsked(found.value, params))
        return done(`somebody else has made another ${about}, which is kept`);
      if (state === "CREATING" || state === "UPDATING")
        return pending(`${about} is ${state}, and cannot be deleted before that has ended`);
      if (state === "DELETING") return pending(`${about} is being deleted`);
      const users = await connectorUsers(readerOf(can) ?? writer, id);
      if (users.kind === "unknown") return failed(`${about} is kept: ${unknownFact("who uses it", users)}`);
      if (users.kind === "known" && users.value.length > 0)
        return failed(`${about} is kept: ${users.value.join(", ")} uses it by now`);
      const written = await deleteConnector(writer, id);
      if (written.kind === "ok") return pending(`${about} is being deleted`);
      if (written.error.code === "GCP_NOT_FOUND") return done(`there is no ${about}`);
      const said = sentenceOf(`deleting ${about}`, written.error);
      return isLost(written.error) || written.error.code === "GCP_CONFLICT" ? pending(said) : failed(said);
    },
    async locate(params, _prior, can, signal) {
      const found = await getConnector(readerOrThrow(can), { ...params, signal });
      if (found.kind === "unknown") return positionUnknown(unknownFact(aboutOf(params), found));
      if (found.kind === "absent") return "before";
      if (!isAsAsked(found.value, params)) return "elsewhere";
      return found.value.state === "READY" ? "after" : "between";
    },
    command: ({ project, region, name, network, range, subnet, ...size }) =>
      commandLine(["gcloud", "compute", "networks", "vpc-access", "connectors", "create", name], {
        project,
        region,
        network: subnet === undefined ? network : undefined,
        range,
        subnet,
        "min-instances": size.minInstances,
        "max-instances": size.maxInstances,
        "machine-type": size.machineType,
      }),
    permissions: ({ project }) =>
      ["get", "create", "delete"].map((verb) => ({
        permission: `vpcaccess.connectors.${verb}`,
        resource: `projects/${project}`,
      })),
  };
}

const aboutOf = ({ name, project, region }: ConnectorParams): string =>
  `connector ${name} (${project}, ${region})`;

const keyOf = ({ project, region, name }: Omit<ConnectorId, "signal">): string =>
  `${project}/${region}/${name}`;

const sinceOf = (prior: Json): number => ((prior ?? {}) as { at?: number }).at ?? 0;

function outcomeOf(connector: Connector, params: ConnectorParams): Outcome {
  const about = aboutOf(params);
  const { state } = connector;
  if (!isAsAsked(connector, params)) return failed(`somebody else has made another ${about} meanwhile`);
  if (state === "READY") return done(`${about} is READY`);
  if (state === "ERROR") return failed(errorConnector(params));
  if (state === "DELETING") return failed(`${about} is being deleted`);
  return pending(`${about} is ${state}`);
}

/** What those that are there already make of it; undefined when it may be made. */
function judgeConnectors(params: ConnectorParams, others: readonly Connector[]): Assessment | undefined {
  const same = others.find(({ name }) => name === params.name);
  const about = aboutOf(params);
  if (same !== undefined) {
    if (same.state === "ERROR") return refused(errorConnector(params));
    if (!isAsAsked(same, params))
      return refused(`there is another ${about}, and Google does not change its network`);
    if (same.state === "READY") return { kind: "satisfied", evidence: `${about} is READY` };
    return unknown(`${about} is ${same.state}: somebody is at work on it`);
  }
  const good = others.find(({ state, network }) => state === "READY" && network === params.network);
  if (good !== undefined)
    return refused(
      `a second connector beside a good one helps nobody: ${good.name} is READY on network ${params.network} in ${params.region}; attach that one`,
    );
  const { range } = params;
  const taken = others.find((each) => range !== undefined && overlap(range, each.range ?? ""));
  if (taken === undefined) return undefined;
  return refused(
    `the range ${range} overlaps that of connector ${taken.name} (${taken.range}): take another`,
  );
}
