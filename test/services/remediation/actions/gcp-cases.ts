import type { Json } from "../../../../services/remediation/action.ts";
import { asText, docOf, listOf } from "../../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../../src/sandbox/gcp/names.ts";
import type { World } from "../../../../src/sandbox/gcp/world.ts";

/** One change of each kind, and a world in which it has to be done. */
export interface Case {
  readonly kind: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly arrange: (world: World) => void;
}

const { project, region } = acme;
const service = "greenlight-api";

/** Of the service and of the revision that serves. */
export function eachTemplate(world: World, change: (template: Record<string, unknown>) => void): void {
  const found = docOf(world.services.get(acme.service));
  change(docOf(found["template"]));
  change(docOf(world.revisions.get(asText(found["latestReadyRevision"]))));
}

export function addVariable(world: World, name: string, value: string): void {
  eachTemplate(world, (template) => {
    const container = docOf(listOf(template["containers"])[0]);
    container["env"] = [{ name, value }, ...listOf(container["env"])];
  });
}

const without = (world: World, role: string): void => {
  const { bindings } = world.policies.read(`projects/${project}`);
  world.policies.write(`projects/${project}`, {
    version: 1,
    bindings: bindings.filter((each) => each.role !== role),
  });
};

export const CASES: readonly Case[] = [
  {
    kind: "enable-api",
    params: { project, api: "vpcaccess.googleapis.com" },
    arrange: (world) => void world.projects.get(project)?.enabled.delete("vpcaccess.googleapis.com"),
  },
  {
    kind: "create-connector",
    params: { project, region, name: "new-connector", network: "default", range: "10.9.0.0/28" },
    arrange: (world) => world.connectors.clear(),
  },
  {
    kind: "attach-egress",
    params: {
      project,
      region,
      service,
      network: "default",
      subnet: "default",
      egress: "private-ranges-only",
    },
    arrange: (world) => eachTemplate(world, (template) => void delete template["vpcAccess"]),
  },
  {
    kind: "add-iam-binding",
    params: {
      resource: `projects/${project}`,
      role: "roles/cloudsql.client",
      member: `serviceAccount:${acme.runtime}`,
    },
    arrange: (world) => without(world, "roles/cloudsql.client"),
  },
  {
    kind: "start-sql-instance",
    params: { project, instance: "db" },
    arrange: (world) =>
      void Object.assign(docOf(docOf(world.sql.get(acme.sql))["settings"]), { activationPolicy: "NEVER" }),
  },
  {
    kind: "set-variable",
    params: { project, region, service, name: "BYPASS_STARTUP_VALIDATION" },
    arrange: (world) => addVariable(world, "BYPASS_STARTUP_VALIDATION", "true"),
  },
  {
    kind: "set-variable",
    params: { project, region, service, name: "LOG_LEVEL", value: "info" },
    arrange: (world) => addVariable(world, "LOG_LEVEL", "debug"),
  },
];

export const titleOf = ({ kind, params }: Case): string =>
  "name" in params ? `${kind} ${JSON.stringify(params["name"])}` : kind;
