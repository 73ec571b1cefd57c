import type { FaultMode } from "../fault-modes.ts";
import { asText, at, docOf, listOf, textOf } from "./json.ts";
import { projectOf, shortName, type World } from "./world.ts";

/** What a service meets on its way to a Cloud SQL instance. */
export type Reach =
  | { readonly kind: "reached" }
  /** `mode` is the fault of the sandbox's proxy that looks most like it. */
  | { readonly kind: "unreached"; readonly mode: FaultMode; readonly because: string };

/** Whose way, and where to; full names. */
export interface Way {
  /** `projects/p/locations/r/services/s`. */
  readonly service: string;
  /** `projects/p/instances/i`. */
  readonly instance: string;
}

/**
 * Pure: can what serves now reach the instance? As Cloud Run's own connector goes about it: it asks the Admin API, which
 * takes the API and the role; the instance has to run; then packets need a way into its network.
 */
export function reach(world: World, { service, instance }: Way): Reach {
  const revision = world.revisions.get(asText(world.services.get(service)?.latestReadyRevision));
  const sql = world.sql.get(instance);
  if (revision === undefined) return unreached("blackhole", "nothing serves");
  if (sql === undefined) return unreached("reset", "there is no such instance");
  const [, project = ""] = instance.split("/");
  const [, own = ""] = service.split("/");
  const api = "sqladmin.googleapis.com";
  // Cloud Run's socket takes a connection, asks the Admin API, and hangs up when that says no.
  if (projectOf(world, own)?.enabled.has(api) !== true) return unreached("reset", `${api} is off in ${own}`);
  const member = `serviceAccount:${asText(revision.serviceAccount)}`;
  if (!world.policies.holds(member, "cloudsql.instances.connect", `projects/${project}`)) {
    return unreached("reset", `${member} lacks cloudsql.instances.connect in ${project}`);
  }
  if (at(sql, "settings.activationPolicy") === "NEVER" || sql.state !== "RUNNABLE") {
    return unreached("refuse", "the instance is stopped");
  }
  const isPrivate = listOf(sql.ipAddresses).some((each) => docOf(each).type === "PRIVATE");
  return isPrivate
    ? route(world, revision.vpcAccess, asText(at(sql, "settings.ipConfiguration.privateNetwork")))
    : reached;
}

const reached: Reach = { kind: "reached" };

function unreached(mode: FaultMode, because: string): Reach {
  return { kind: "unreached", mode, because };
}

/** Packets without a way vanish: nobody says that they cannot be delivered. */
function route(world: World, access: unknown, to: string): Reach {
  const name = textOf(at(access, "connector"));
  const [own] = listOf(at(access, "networkInterfaces"));
  if (name === undefined && own === undefined) return unreached("blackhole", "the service has no VPC egress");
  if (own !== undefined) {
    const { network, subnetwork } = docOf(own);
    const subnet = [...world.subnetworks.values()].find(({ name }) => name === shortName(asText(subnetwork)));
    const from = textOf(network) ?? asText(subnet?.network);
    return shortName(from) === shortName(to)
      ? peered(world, to)
      : unreached("blackhole", `the service is attached to ${from}`);
  }
  const connector = world.connectors.get(name ?? "");
  if (connector === undefined) return unreached("blackhole", `there is no ${name}`);
  if (connector.state !== "READY" && connector.state !== "UPDATING") {
    return unreached("blackhole", `${name} is ${asText(connector.state)}`);
  }
  const from = asText(connector.network);
  return shortName(from) === shortName(to)
    ? peered(world, to)
    : unreached("blackhole", `${name} is in ${from}`);
}

function peered(world: World, network: string): Reach {
  const [, project = ""] = network.split("/");
  const number = projectOf(world, project)?.number ?? project;
  return world.peerings.has(`projects/${number}/global/networks/${shortName(network)}`)
    ? reached
    : unreached("blackhole", `${network} has no peering with Google's services`);
}
