import { defineRootCauses } from "./definition.ts";

/** What lies beneath symptoms of a Cloud Run service and its databases. Sources: Google's documentation of each part. */
export const GCP_ROOT_CAUSES = defineRootCauses({
  API_DISABLED: {
    title: "An API that the way to the database needs is off",
    owner: "platform",
    explanation:
      "The project has not enabled the API (sqladmin for the Cloud SQL connector, vpcaccess for a connector), so every call to it is refused with SERVICE_DISABLED, whatever roles the caller has.",
    remedies: ["Enable it: gcloud services enable {api} --project {project}"],
    actions: ["enable-api"],
  },
  INSTANCE_STOPPED: {
    title: "The Cloud SQL instance is stopped",
    owner: "database",
    explanation:
      "activationPolicy is NEVER: the owner stopped it. Its state is still RUNNABLE, which says only that it could run.",
    remedies: [
      "Start it: gcloud sql instances patch {instance} --project {project} --activation-policy ALWAYS",
    ],
    actions: ["start-sql-instance"],
  },
  INSTANCE_MISSING: {
    title: "There is no such instance",
    owner: "configuration",
    explanation:
      "The project has no instance of that name in that place: a typing slip in the connection name, another project, or it was deleted.",
    remedies: [
      "Compare gcp.dependencies.{dependency} with what exists: gcloud sql instances list --project {project}",
    ],
    actions: ["manual"],
  },
  INSTANCE_NOT_READY: {
    title: "The instance is not ready",
    owner: "database",
    explanation:
      "Its own state says that it does not serve: it is being made, mended or moved, is suspended, or failed.",
    remedies: ["See the instance's operations and its log in the console; wait while it is in maintenance."],
    actions: ["manual"],
  },
  NO_VPC_EGRESS: {
    title: "The Cloud Run service has no way into the VPC",
    owner: "network",
    explanation:
      "The address is private, and the service's revision has neither a connector nor Direct VPC egress: packets to the address leave it and vanish. Attaching the instance (--add-cloudsql-instances) alone is not enough for a private address.",
    remedies: [
      "Attach the network: gcloud run services update {service} --region {region} --project {project} {attachment} --vpc-egress private-ranges-only",
    ],
    actions: ["enable-api", "create-connector", "attach-egress"],
  },
  CONNECTOR_MISSING: {
    title: "The connector that the service names does not exist",
    owner: "network",
    explanation:
      "The revision names a Serverless VPC Access connector that is not in that region: it was deleted, or is in another region. A connector serves its own region only.",
    remedies: [
      "Make it again under the same name, or attach the network directly: gcloud run services update {service} --region {region} --network {network} --subnet {subnet} --clear-vpc-connector",
    ],
    actions: ["create-connector", "attach-egress"],
  },
  CONNECTOR_ERROR: {
    title: "The connector is in a bad state",
    owner: "network",
    explanation:
      "A connector in the state ERROR carries nothing and does not recover; Google says to delete it by hand. Its name stays taken until then, so the way out is another connector or Direct VPC egress.",
    remedies: [
      "Attach another way first: gcloud run services update {service} --region {region} --network {network} --subnet {subnet} --vpc-egress private-ranges-only",
      "Then delete it: gcloud compute networks vpc-access connectors delete {connector} --region {region} --project {project}",
    ],
    actions: ["create-connector", "attach-egress"],
  },
  WRONG_NETWORK: {
    title: "The service and the database are in different networks",
    owner: "network",
    explanation:
      "The service's egress ends in one VPC and the database has its private address in another. Peering does not pass on through a third network, so there is no route.",
    remedies: [
      "Attach the service to the database's network: gcloud run services update {service} --region {region} --network {network} --subnet {subnet} --vpc-egress private-ranges-only",
    ],
    actions: ["create-connector", "attach-egress"],
  },
  PEERING_MISSING: {
    title: "The network is not peered with Google's services",
    owner: "network",
    explanation:
      "A private address of Cloud SQL is reached over a peering between the VPC and servicenetworking.googleapis.com. It is gone, so there is no route to the address.",
    remedies: [
      "Make the peering again: gcloud services vpc-peerings connect --service servicenetworking.googleapis.com --network {network} --ranges RANGE --project {project}",
    ],
    actions: ["manual"],
  },
  EGRESS_WITHOUT_NAT: {
    title: "All traffic goes into the VPC, and nothing leads out of it",
    owner: "network",
    explanation:
      "The egress is ALL_TRAFFIC, so that public addresses are asked from inside the VPC; without Cloud NAT they cannot be reached. The public address of Cloud SQL cannot be reached that way at all.",
    remedies: [
      "Send only private ranges: gcloud run services update {service} --region {region} --project {project} --vpc-egress private-ranges-only",
      "Or give the network a Cloud NAT.",
    ],
    actions: ["attach-egress"],
  },
  ANNOTATION_AT_WRONG_LEVEL: {
    title: "The connector is named on the service, not on its revision",
    owner: "configuration",
    explanation:
      "Annotations for VPC access and Cloud SQL belong on spec.template.metadata.annotations. On the outer metadata nobody reads them, so the connector is not attached.",
    remedies: [
      "Move them in the manifest to spec.template.metadata.annotations, or attach by command: gcloud run services update {service} --region {region} --project {project} --vpc-connector {connector}",
    ],
    actions: ["attach-egress"],
  },
  SQL_NOT_ATTACHED: {
    title: "The instance is not attached to the service",
    owner: "configuration",
    explanation:
      "The socket under /cloudsql is there only when the revision has the instance among its Cloud SQL volumes; it has not, or has another.",
    remedies: [
      "Attach it: gcloud run services update {service} --region {region} --project {project} --add-cloudsql-instances {instance}",
    ],
    actions: ["manual"],
  },
  ROLE_MISSING: {
    title: "A service account lacks a role",
    owner: "platform",
    explanation:
      "The account that the service runs as needs roles/cloudsql.client in the project of the instance, which may be another than its own. A new binding takes two minutes to spread, at times more than seven.",
    remedies: ["Grant it: gcloud projects add-iam-policy-binding {project} --member {member} --role {role}"],
    actions: ["add-iam-binding"],
  },
  SECRET_UNREADABLE: {
    title: "A secret that the service refers to cannot be read",
    owner: "platform",
    explanation:
      "The secret or its version does not exist, or the account that the service runs as lacks roles/secretmanager.secretAccessor on it. The new revision does not start, and the old one keeps serving.",
    remedies: [
      "Grant it: gcloud secrets add-iam-policy-binding {secret} --project {project} --member {member} --role roles/secretmanager.secretAccessor",
      "If the secret is missing, make it, or correct the reference in the service.",
    ],
    actions: ["add-iam-binding", "manual"],
  },
});
