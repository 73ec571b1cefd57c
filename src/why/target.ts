/** why: from the configuration and the surroundings to what reads the cloud, for the command line and the service. */
import type { CloudTarget, ResourceName } from "../../services/why/cloud.ts";
import type { GcpOptions, GcpResource } from "../config/gcp.ts";
import type { Place } from "../gcp/locate.ts";

/** Whether anybody said that the environment is in Google Cloud; without that nothing there is asked. */
export const isInCloud = ({ project, service, dependencies }: GcpOptions): boolean =>
  service !== undefined || dependencies.size > 0 || project !== undefined;

/** Undefined while project or region is not known: nothing could be asked for. */
export function cloudTarget(gcp: GcpOptions, place: Place): CloudTarget | undefined {
  const first = [...gcp.dependencies.values()].find(({ kind }) => kind === "sql");
  const project = place.project ?? first?.project;
  const region = place.region ?? first?.region;
  if (project === undefined || region === undefined) return undefined;
  const { name, range } = gcp.connector;
  const service = place.service ?? gcp.service;
  return {
    project,
    region,
    ...(service === undefined ? {} : { service }),
    network: gcp.network,
    subnet: gcp.subnet,
    connector: name === undefined || range === undefined ? undefined : { name, range },
    dependencies: new Map(
      [...gcp.dependencies].map(([dependency, resource]) => [
        dependency,
        named(resource, { project, region }),
      ]),
    ),
  };
}

const named = (
  { kind, project, region, instance }: GcpResource,
  own: { readonly project: string; readonly region: string },
): ResourceName => ({ kind, project: project ?? own.project, region: region ?? own.region, instance });
