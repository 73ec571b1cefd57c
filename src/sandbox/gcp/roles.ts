/** What a role grants of what the fake asks for; from Google's lists of predefined roles. */
const roles: Readonly<Record<string, readonly string[]>> = {
  "roles/cloudsql.client": ["cloudsql.instances.connect", "cloudsql.instances.get"],
  "roles/cloudsql.viewer": [
    "cloudsql.instances.get",
    "cloudsql.instances.list",
    "cloudsql.databases.get",
    "cloudsql.users.list",
  ],
  "roles/cloudsql.editor": [
    "cloudsql.instances.connect",
    "cloudsql.instances.get",
    "cloudsql.instances.list",
    "cloudsql.instances.update",
    "cloudsql.databases.get",
    "cloudsql.users.list",
  ],
  "roles/vpcaccess.viewer": [
    "vpcaccess.connectors.get",
    "vpcaccess.connectors.list",
    "vpcaccess.locations.list",
    "vpcaccess.operations.get",
    "vpcaccess.operations.list",
  ],
  "roles/vpcaccess.user": [
    "compute.networks.access",
    "vpcaccess.connectors.get",
    "vpcaccess.connectors.list",
    "vpcaccess.connectors.use",
    "vpcaccess.locations.list",
    "vpcaccess.operations.get",
    "vpcaccess.operations.list",
  ],
  "roles/vpcaccess.admin": [
    "vpcaccess.connectors.create",
    "vpcaccess.connectors.delete",
    "vpcaccess.connectors.get",
    "vpcaccess.connectors.list",
    "vpcaccess.connectors.update",
    "vpcaccess.connectors.use",
    "vpcaccess.locations.list",
    "vpcaccess.operations.get",
    "vpcaccess.operations.list",
  ],
  "roles/run.viewer": [
    "run.operations.get",
    "run.operations.list",
    "run.revisions.get",
    "run.revisions.list",
    "run.services.get",
    "run.services.getIamPolicy",
    "run.services.list",
  ],
  "roles/run.developer": [
    "run.operations.get",
    "run.operations.list",
    "run.revisions.get",
    "run.revisions.list",
    "run.routes.invoke",
    "run.services.create",
    "run.services.delete",
    "run.services.get",
    "run.services.getIamPolicy",
    "run.services.list",
    "run.services.update",
  ],
  "roles/run.invoker": ["run.routes.invoke"],
  "roles/run.serviceAgent": [
    "compute.networks.access",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.getAccessToken",
    "run.routes.invoke",
    "serviceusage.services.use",
    "vpcaccess.connectors.get",
    "vpcaccess.connectors.use",
  ],
  "roles/redis.viewer": ["redis.instances.get", "redis.instances.list", "redis.operations.get"],
  "roles/secretmanager.viewer": [
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.list",
    "secretmanager.versions.get",
    "secretmanager.versions.list",
  ],
  "roles/secretmanager.secretAccessor": ["secretmanager.versions.access"],
  "roles/secretmanager.admin": [
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.list",
    "secretmanager.secrets.setIamPolicy",
    "secretmanager.versions.access",
    "secretmanager.versions.get",
    "secretmanager.versions.list",
  ],
  "roles/serviceusage.serviceUsageViewer": ["serviceusage.services.get", "serviceusage.services.list"],
  "roles/serviceusage.serviceUsageAdmin": [
    "serviceusage.operations.get",
    "serviceusage.services.disable",
    "serviceusage.services.enable",
    "serviceusage.services.get",
    "serviceusage.services.list",
  ],
  "roles/resourcemanager.projectIamAdmin": [
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "resourcemanager.projects.setIamPolicy",
  ],
  "roles/browser": ["resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"],
  "roles/iam.securityReviewer": [
    "iam.roles.get",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.getIamPolicy",
    "resourcemanager.projects.getIamPolicy",
    "run.services.getIamPolicy",
    "secretmanager.secrets.getIamPolicy",
  ],
  "roles/iam.serviceAccountUser": ["iam.serviceAccounts.actAs", "iam.serviceAccounts.get"],
  "roles/iam.serviceAccountTokenCreator": [
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
  ],
  "roles/compute.networkViewer": [
    "compute.networks.get",
    "compute.subnetworks.get",
    "compute.subnetworks.list",
    "servicenetworking.services.get",
  ],
  "roles/compute.networkUser": [
    "compute.networks.access",
    "compute.networks.get",
    "compute.networks.use",
    "compute.subnetworks.get",
    "compute.subnetworks.use",
  ],
};

const owner = "roles/owner";

/** The permissions of a role, sorted; undefined for a role that nobody knows. */
export function permissionsOfRole(role: string): readonly string[] | undefined {
  return role === owner
    ? [...new Set(Object.values(roles).flat())].sort()
    : roles[role] && [...roles[role]].sort();
}
