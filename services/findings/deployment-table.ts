import { defineFindings } from "./definition.ts";

const REPLACE = "Then deploy it: gcloud run services replace {file} --region REGION";

export const DEPLOYMENT_FINDINGS = defineFindings({
  DEPLOYMENT_MANIFEST_UNREADABLE: {
    title: "The manifest is none of a Cloud Run service",
    severity: "error",
    owner: "configuration",
    explanation:
      "The file cannot be read, is no YAML or JSON, or holds no service with containers, so nothing of it was checked.",
    remedies: [
      "Mend the file at the place named, or name another: greenlight check deployment --manifest FILE",
    ],
  },
  DEPLOYMENT_ANNOTATION_LEVEL: {
    title: "An annotation stands where Cloud Run does not read it",
    severity: "error",
    owner: "platform",
    explanation:
      "Connector, network, egress, Cloud SQL and CPU belong to the revision (spec.template.metadata.annotations); ingress and the invoker check belong to the service (metadata.annotations). At the other level Cloud Run ignores or refuses them, and the service runs without.",
    remedies: ["Move {annotation} to the level that the message names.", REPLACE],
  },
  DEPLOYMENT_TWO_EGRESSES: {
    title: "A connector and Direct VPC egress at once",
    severity: "error",
    owner: "platform",
    explanation:
      "Cloud Run takes one way into the VPC: a connector, or network interfaces. With both it refuses the revision.",
    remedies: [
      "Keep network-interfaces (Google recommends Direct VPC egress) and take out the connector, or the other way round.",
      REPLACE,
    ],
  },
  DEPLOYMENT_NO_EGRESS: {
    title: "The service has no way into the VPC",
    severity: "warning",
    owner: "platform",
    explanation:
      "Without a connector or Direct VPC egress the service reaches public addresses alone; databases at private addresses time out.",
    remedies: [
      "Set run.googleapis.com/network-interfaces and vpc-access-egress on the template: gcloud run services update SERVICE --region REGION --network NETWORK --subnet SUBNET --vpc-egress private-ranges-only",
      "If all it talks to is public, leave it so.",
    ],
  },
  DEPLOYMENT_PROBE_MISSING: {
    title: "A probe is missing",
    severity: "warning",
    owner: "platform",
    explanation:
      "Without a startup probe over HTTP a request may reach a container that listens and is not ready; without a liveness probe one that hangs is never replaced.",
    remedies: ["Add a startupProbe on /health/startup and a livenessProbe on /health/live.", REPLACE],
  },
  DEPLOYMENT_PROBE_TIMES: {
    title: "The times of a probe are not valid",
    severity: "error",
    owner: "platform",
    explanation:
      "Cloud Run wants timeoutSeconds below periodSeconds (10 when nothing is said), and bounds the rest: 240 seconds for startup, 3600 for liveness.",
    remedies: ["Set the times as the message says.", REPLACE],
  },
  DEPLOYMENT_LIVENESS_DEPENDENCY: {
    title: "The liveness probe asks about dependencies",
    severity: "error",
    owner: "platform",
    explanation:
      "When a liveness probe fails, Cloud Run restarts the instance. That mends no database; all instances restart again and again while one is down.",
    remedies: ["Point the livenessProbe at /health/live, which answers for the process alone.", REPLACE],
  },
  DEPLOYMENT_PATH_RESERVED: {
    title: "A probe asks at a path that Cloud Run keeps for itself",
    severity: "error",
    owner: "platform",
    explanation:
      "Cloud Run reserves /eventlog, paths that start with /_ah/, and some that end with z (such as /healthz): requests to them may never reach the container.",
    remedies: ["Use /health/startup, /health/live or /health/ready.", REPLACE],
  },
  DEPLOYMENT_PLAIN_SECRET: {
    title: "A secret stands in the manifest",
    severity: "error",
    owner: "security",
    explanation:
      "Whoever can read the manifest or the service can read the value, and it stays in the history of both.",
    remedies: [
      "Put the value into Secret Manager and refer to it: valueFrom.secretKeyRef with name and key.",
      "Change the secret, since it has been seen.",
      REPLACE,
    ],
  },
  DEPLOYMENT_PERMISSIVE: {
    title: "A protection is switched off in what is deployed",
    severity: "error",
    owner: "security",
    explanation:
      "Flags such as BYPASS_STARTUP_VALIDATION let the service start and serve where it should not. In what is deployed they have no end.",
    remedies: [
      "Take the variable out: gcloud run services update SERVICE --region REGION --remove-env-vars {variable}",
    ],
  },
  DEPLOYMENT_CPU_THROTTLED: {
    title: "Observing in the background, with CPU for requests alone",
    severity: "warning",
    owner: "platform",
    explanation:
      "Between requests the instance has no CPU, so the timers that observe the dependencies stand still, and answers are old or wait for a new look.",
    remedies: [
      'Set run.googleapis.com/cpu-throttling: "false" and minScale 1 on the template, or resources.cpuIdle: false.',
      REPLACE,
    ],
  },
  DEPLOYMENT_NO_SERVICE_ACCOUNT: {
    title: "The service runs as the project's default account",
    severity: "warning",
    owner: "security",
    explanation:
      "Without serviceAccountName it acts as the default compute account, which in many projects may change everything.",
    remedies: [
      "Make an account for this service alone and name it: spec.template.spec.serviceAccountName.",
      REPLACE,
    ],
  },
});
