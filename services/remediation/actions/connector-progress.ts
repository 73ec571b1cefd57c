import { ask, pathOf } from "../../gcp/ask.ts";
import { fieldsOf, listOf, textOf } from "../../gcp/fields.ts";
import { parseOperation } from "../../gcp/operations.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import { type ConnectorId, getConnectorOperation } from "../../gcp/vpc-access.ts";
import type { Begun, Progress } from "./begun.ts";

export interface ConnectorProgressOptions {
  readonly id: ConnectorId;
  readonly begun: Begun;
  /** Wall clock, ms: when the step was assessed. */
  readonly since: number;
}

/** Clocks of two machines. */
const SKEW = 60_000;

/**
 * How making it is going. Why a connector is in ERROR only the operation says that made it: by name where this process began
 * it, after a crash by the list of the region's operations.
 */
export async function connectorProgress(
  gcp: GcpTransport,
  { id, begun, since }: ConnectorProgressOptions,
): Promise<Progress> {
  const { project, region, name: connector, signal } = id;
  const known = await begun.progress(`${project}/${region}/${connector}`, (name) =>
    getConnectorOperation(gcp, { name, signal }),
  );
  if (known.kind !== "no-word") return known;
  const path = pathOf("v1", "projects", project, "locations", region, "operations");
  const found = await ask(gcp, { api: "vpcaccess", method: "GET", path, signal }, (body) => {
    const ours = listOf(fieldsOf(body)["operations"]).flatMap((each) => {
      const { target, method, createTime } = fieldsOf(each["metadata"]);
      const begunAt = Date.parse(textOf(createTime) ?? "");
      const makes = textOf(method)?.endsWith("CreateConnector") === true;
      const is = textOf(target)?.endsWith(`/locations/${region}/connectors/${connector}`) === true;
      return makes && is && begunAt >= since - SKEW ? [{ begunAt, operation: parseOperation(each) }] : [];
    });
    const newest = ours.toSorted((a, b) => b.begunAt - a.begunAt)[0];
    return { operation: newest?.operation };
  });
  const operation = found.kind === "known" ? found.value.operation : undefined;
  if (operation?.kind === "running") return { kind: "running" };
  if (operation?.kind === "failed") return { kind: "failed", message: operation.message };
  return { kind: "no-word" };
}
