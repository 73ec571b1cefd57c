import { getRunService, rolloutOf } from "../../gcp/run.ts";
import type { Fields } from "../../gcp/fields.ts";
import type { Action, Assessment, Json, Outcome, ParamFault } from "../action.ts";
import { egressHindrance } from "./egress-hindrance.ts";
import {
  type GcpActionOptions,
  NO_READER,
  NO_WRITER,
  failed,
  readerOf,
  readerOrThrow,
  refused,
  unknown,
  unknownFact,
} from "./gcp.ts";
import {
  CONNECTOR_REFERENCE_RULE,
  NETWORK_RULE,
  PROJECT_RULE,
  REGION_RULE,
  SERVICE_RULE,
  SUBNET_RULE,
  optional,
} from "./names.ts";
import { type Rules, readParams } from "./params.ts";
import {
  type RunEdit,
  applyEdit,
  describeService,
  locateEdit,
  pinnedTo,
  settleEdit,
  undoEdit,
} from "./run-edit.ts";
import { commandLine } from "./shell.ts";
import { type EgressParams, accessOf, connectorName, sameAccess, wantedAccess } from "./vpc-egress.ts";

const RULES: Rules<EgressParams> = {
  project: PROJECT_RULE,
  region: REGION_RULE,
  service: SERVICE_RULE,
  connector: optional(CONNECTOR_REFERENCE_RULE),
  network: optional(NETWORK_RULE),
  subnet: optional(SUBNET_RULE),
  egress: {
    expected: "private-ranges-only or all-traffic",
    accepts: (value) => value === "private-ranges-only" || value === "all-traffic",
  },
};

/**
 * Gives a Cloud Run service a way into a VPC, by a connector or directly. A revision that does not become ready leaves the
 * former one serving; rolling back restores what was there, or that nothing was.
 */
export function createAttachEgress({ pause }: GcpActionOptions = {}): Action<EgressParams> {
  return {
    kind: "attach-egress",
    destructive: false,
    parse: (params) => readParams<EgressParams>(params, RULES, shapeFaults),
    async assess(params, can, signal): Promise<Assessment> {
      const gcp = readerOf(can);
      if (gcp === undefined) return unknown(NO_READER);
      const about = describeService(params);
      const found = await getRunService(gcp, { ...params, signal });
      if (found.kind === "absent") return refused(`there is no ${about}`);
      if (found.kind === "unknown") return unknown(unknownFact(about, found));
      const service = found.value;
      const before = accessOf(service);
      const after = wantedAccess(params, before);
      const rollout = rolloutOf(service);
      if (sameAccess(params.project, before, after)) {
        if (rollout.kind === "succeeded")
          return { kind: "satisfied", evidence: `revision ${rollout.revision} of ${about} has it` };
        const said = `${about} is set so already, and its revision is not ready: ${rollout.because}`;
        return rollout.kind === "failed" ? refused(said) : unknown(said);
      }
      const pinned = pinnedTo(service);
      if (pinned !== undefined) return refused(`${about}: ${pinned}`);
      const hindrance = await egressHindrance(gcp, { params, service, signal });
      if (hindrance?.kind === "later") return needed(about, before, after, rollout.kind === "succeeded");
      if (hindrance !== undefined) return hindrance;
      return needed(about, before, after, rollout.kind === "succeeded");
    },
    async apply(params, prior, can, signal): Promise<Outcome> {
      const { writer } = can;
      const reader = readerOf(can);
      if (writer === undefined || reader === undefined) return failed(NO_WRITER);
      const found = await getRunService(writer, { ...params, signal });
      if (found.kind !== "known") return failed(unknownFact(describeService(params), found));
      const edit = editOf(params, prior);
      const hindrance =
        edit.where(found.value) === "before"
          ? await egressHindrance(reader, { params, service: found.value, signal })
          : undefined;
      if (hindrance !== undefined) return failed(hindrance.because);
      return applyEdit(writer, { ...params, edit, pause, signal });
    },
    async settle(params, prior, can, signal): Promise<Outcome> {
      const gcp = readerOf(can);
      if (gcp === undefined) return failed(NO_READER);
      return settleEdit(gcp, { ...params, edit: editOf(params, prior), signal });
    },
    async rollback(params, prior, { writer }, signal): Promise<Outcome> {
      if (writer === undefined) return failed(NO_WRITER);
      return undoEdit(writer, { ...params, edit: editOf(params, prior), pause, signal });
    },
    locate: async (params, prior, can, signal) =>
      locateEdit(readerOrThrow(can), { ...params, edit: editOf(params, prior), signal }),
    command: ({ project, region, service, connector, network, subnet, egress }) =>
      commandLine(["gcloud", "run", "services", "update", service], {
        project,
        region,
        // A service with a connector takes no network beside it.
        "clear-vpc-connector": connector === undefined ? true : undefined,
        "vpc-connector": connector,
        network,
        subnet,
        "vpc-egress": egress,
      }),
    permissions: ({ project, region, service }) =>
      ["run.services.get", "run.services.update"].map((permission) => ({
        permission,
        resource: `projects/${project}/locations/${region}/services/${service}`,
      })),
  };
}

function needed(target: string, before: Json, after: Json, ready: boolean): Assessment {
  const symbol = before === null ? "+" : "~";
  const change = { symbol, target, before: { vpcAccess: before }, after: { vpcAccess: after } } as const;
  return { kind: "needed", change, prior: { vpcAccess: before, ready } };
}

function editOf(params: EgressParams, prior: Json): RunEdit {
  const { vpcAccess = null, ready } = (prior ?? {}) as { vpcAccess?: Json; ready?: boolean };
  const wanted = wantedAccess(params, vpcAccess);
  const { project } = params;
  return {
    updateMask: ["template.vpcAccess"],
    wasReady: ready !== false,
    where(service) {
      const now = accessOf(service);
      if (sameAccess(project, now, wanted)) return "after";
      return sameAccess(project, now, vpcAccess) ? "before" : "elsewhere";
    },
    change: (template) => ({ ...template, vpcAccess: wanted }),
    undo: (template) => withAccess(template, vpcAccess),
  };
}

/** A masked member that is missing is cleared. */
function withAccess({ vpcAccess: _ours, ...template }: Fields, former: Json): Fields {
  return former === null ? template : { ...template, vpcAccess: former };
}

function shapeFaults(params: EgressParams): readonly ParamFault[] {
  const { connector, network, subnet, region } = params;
  const expected = "either a connector, or a network and a subnet";
  const named = network !== undefined || subnet !== undefined;
  if (connector !== undefined && named) return [{ path: "params.connector", expected, found: "both" }];
  if (connector === undefined && !named) return [{ path: "params.connector", expected, found: "neither" }];
  if (named && network === undefined)
    return [{ path: "params.network", expected: "the network of the subnet", found: "nothing" }];
  if (named && subnet === undefined)
    return [{ path: "params.subnet", expected: "a subnet of the network", found: "nothing" }];
  const of = connectorName(params)?.split("/")[3];
  if (of === undefined || of === region) return [];
  const where = `a connector of ${region}: one serves the services of its own region only`;
  return [{ path: "params.connector", expected: where, found: `one of ${of}` }];
}
