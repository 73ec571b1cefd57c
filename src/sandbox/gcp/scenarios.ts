import { asText, type Doc, docOf, listOf } from "./json.ts";
import { acme } from "./names.ts";
import type { World } from "./world.ts";

/** What is wrong in a staging project that was in good order. */
export interface Scenario {
  /** One sentence: what somebody did. */
  readonly story: string;
  /** What stands for what, where the sandbox cannot be as the real thing. */
  readonly standsFor: string;
  /** The code of the root cause that `why` is to name. */
  readonly root: string;
  readonly arrange: (world: World) => void;
}

const vanish =
  "Postgres is behind a proxy that lets packets vanish exactly while the service of the fake has no way to its instance.";
const hangUp =
  "The proxy before Postgres resets connections, as Cloud Run's socket /cloudsql hangs up when the Cloud SQL Admin API refuses its connector.";

export const scenarioNames = [
  "vpc-missing",
  "connector-error",
  "role-missing",
  "instance-stopped",
  "api-disabled",
  "permissive-override",
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  "vpc-missing": {
    story: "The service was deployed anew without its connector, and has no egress into the VPC.",
    standsFor: vanish,
    root: "NO_VPC_EGRESS",
    arrange: (world) => eachTemplate(world, (template) => delete template.vpcAccess),
  },
  "connector-error": {
    story: "The connector of the service has come into the state ERROR.",
    standsFor: vanish,
    root: "CONNECTOR_ERROR",
    arrange: ({ connectors }) =>
      void Object.assign(docOf(connectors.get(acme.connector)), { state: "ERROR" }),
  },
  "role-missing": {
    story: "The account that the service runs as has lost roles/cloudsql.client.",
    standsFor: hangUp,
    root: "ROLE_MISSING",
    arrange({ policies }) {
      const { bindings } = policies.read(`projects/${acme.project}`);
      const left = bindings.filter(({ role }) => role !== "roles/cloudsql.client");
      policies.write(`projects/${acme.project}`, { version: 1, bindings: left });
    },
  },
  "instance-stopped": {
    story: "The Cloud SQL instance was stopped for the weekend.",
    standsFor: "The proxy before Postgres refuses connections while the instance of the fake is stopped.",
    root: "INSTANCE_STOPPED",
    arrange: ({ sql }) =>
      void Object.assign(docOf(docOf(sql.get(acme.sql)).settings), { activationPolicy: "NEVER" }),
  },
  "api-disabled": {
    story: "The Cloud SQL Admin API was switched off in the project.",
    standsFor: hangUp,
    root: "API_DISABLED",
    arrange: ({ projects }) => void projects.get(acme.project)?.enabled.delete("sqladmin.googleapis.com"),
  },
  "permissive-override": {
    story: "Somebody set BYPASS_STARTUP_VALIDATION on the service to get a deployment through.",
    standsFor: "Everything can be reached; what is wrong is that a protection is off.",
    root: "PERMISSIVE_OVERRIDE",
    arrange: (world) =>
      eachTemplate(world, (template) => {
        const container = docOf(listOf(template.containers)[0]);
        container.env = [...listOf(container.env), { name: "BYPASS_STARTUP_VALIDATION", value: "true" }];
      }),
  },
};

/** Of the service, and of the revision that serves. */
function eachTemplate(world: World, change: (template: Doc) => void): void {
  const service = docOf(world.services.get(acme.service));
  change(docOf(service.template));
  change(docOf(world.revisions.get(asText(service.latestReadyRevision))));
}
