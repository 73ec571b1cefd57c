import { askPages, pathOf } from "../../gcp/ask.ts";
import { fieldsOf, listOf, present, textOf } from "../../gcp/fields.ts";
import { parseRunService } from "../../gcp/run-service.ts";
import type { GcpTransport, Known } from "../../gcp/transport.ts";
import type { ConnectorId } from "../../gcp/vpc-access.ts";

/** The services of the connector's project and region whose template names it. */
export async function connectorUsers(
  gcp: GcpTransport,
  { project, region, name, signal }: ConnectorId,
): Promise<Known<readonly string[]>> {
  const path = pathOf("v2", "projects", project, "locations", region, "services");
  const services = await askPages(gcp, { api: "run", method: "GET", path, signal }, (body) => {
    const fields = fieldsOf(body);
    const items = listOf(fields["services"]).map(parseRunService);
    if (!items.every((item) => item !== undefined)) return undefined;
    return present({ items, next: textOf(fields["nextPageToken"]) });
  });
  if (services.kind !== "known") return services;
  const full = `/locations/${region}/connectors/${name}`;
  const users = services.value.filter(
    ({ template }) => template.vpcAccess?.connector?.endsWith(full) === true,
  );
  return { kind: "known", value: users.map(({ service }) => service) };
}
