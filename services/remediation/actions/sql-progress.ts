import { ask, pathOf } from "../../gcp/ask.ts";
import { getSqlOperation } from "../../gcp/cloud-sql.ts";
import { fieldsOf, listOf, textOf } from "../../gcp/fields.ts";
import { parseSqlOperation } from "../../gcp/operations.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Begun, Progress } from "./begun.ts";

export interface SqlProgressOptions {
  readonly project: string;
  readonly instance: string;
  readonly begun: Begun;
  /** Wall clock, ms: when the step was assessed. */
  readonly since: number;
  readonly signal: AbortSignal;
}

/** Clocks of two machines. */
const SKEW = 60_000;

/**
 * How the newest change of the instance's settings is going: until it ends, the instance still shows what it was before. What
 * this process began it knows by name; after a crash the list of the instance's operations tells.
 */
export async function sqlProgress(
  gcp: GcpTransport,
  { project, instance, begun, since, signal }: SqlProgressOptions,
): Promise<Progress> {
  const known = await begun.progress(`${project}:${instance}`, (name) =>
    getSqlOperation(gcp, { project, name, signal }),
  );
  if (known.kind !== "no-word") return known;
  const path = pathOf("v1", "projects", project, "operations");
  const query = { instance, maxResults: "10" };
  const newest = await ask(gcp, { api: "sqladmin", method: "GET", path, query, signal }, (body) => {
    // Newest first.
    const ours = listOf(fieldsOf(body)["items"]).find(
      (each) =>
        textOf(each["operationType"]) === "UPDATE" &&
        Date.parse(textOf(each["insertTime"]) ?? "") >= since - SKEW,
    );
    return { operation: ours === undefined ? undefined : parseSqlOperation(ours) };
  });
  const operation = newest.kind === "known" ? newest.value.operation : undefined;
  if (operation?.kind === "running") return { kind: "running" };
  return { kind: "no-word" };
}
