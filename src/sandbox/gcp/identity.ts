import { apiError, denied, notFound } from "./api-error.ts";
import { type Api, type Call, need } from "./call.ts";
import { type Doc, listOf, asText } from "./json.ts";
import { policyRoutes } from "./policy-routes.ts";
import { permissionsOfRole } from "./roles.ts";
import { projectOf } from "./world.ts";

const managerHost = "cloudresourcemanager.googleapis.com";
const iamHost = "iam.googleapis.com";
const longestSeconds = 3600;

/** Cloud Resource Manager v1: projects and their policies. */
export const resourceManager: Api = {
  name: "cloudresourcemanager",
  host: managerHost,
  title: "Cloud Resource Manager API",
  routes: [
    { method: "GET", path: "/v1/projects/{p}", handle: project },
    { method: "GET", path: "/v3/projects/{p}", handle: projectV3 },
    ...["/v1/projects/{p}", "/v3/projects/{p}"].flatMap((path) =>
      policyRoutes({
        host: managerHost,
        path,
        posts: true,
        resource: (call) => `projects/${call.param("p")}`,
        exists: (world, name) => world.projects.has(name.slice("projects/".length)),
        permission: "resourcemanager.projects",
      }),
    ),
  ],
};

/** IAM v1: accounts and roles. */
export const iam: Api = {
  name: "iam",
  host: iamHost,
  title: "Identity and Access Management (IAM) API",
  routes: [
    { method: "GET", path: "/v1/roles/{role}", handle: role },
    { method: "GET", path: "/v1/projects/{p}/serviceAccounts/{email}", handle: account },
    ...policyRoutes({
      host: iamHost,
      path: "/v1/projects/{p}/serviceAccounts/{email}",
      posts: true,
      resource: accountName,
      exists: (world, name) => world.accounts.has(name.slice(name.lastIndexOf("/") + 1)),
      permission: "iam.serviceAccounts",
    }),
  ],
};

/** IAM credentials v1: tokens of other accounts. */
export const iamCredentials: Api = {
  name: "iamcredentials",
  host: "iamcredentials.googleapis.com",
  title: "IAM Service Account Credentials API",
  routes: [
    {
      method: "POST",
      path: "/v1/projects/{p}/serviceAccounts/{email}:generateAccessToken",
      handle: generateAccessToken,
    },
  ],
};

function project(call: Call): Doc {
  const { id, number } = readProject(call);
  return { projectId: id, projectNumber: number, name: id, lifecycleState: "ACTIVE" };
}

function projectV3(call: Call): Doc {
  const { id, number } = readProject(call);
  return { name: `projects/${number}`, projectId: id, state: "ACTIVE", displayName: id };
}

function readProject(call: Call): { id: string; number: string } {
  const name = `projects/${call.param("p")}`;
  need(call, "resourcemanager.projects.get", name, managerHost);
  const found = projectOf(call.scene.world, call.param("p"));
  if (found === undefined) throw notFound(name);
  return found;
}

function role(call: Call): Doc {
  const name = `roles/${call.param("role")}`;
  const includedPermissions = permissionsOfRole(name);
  if (includedPermissions === undefined) {
    throw apiError("NOT_FOUND", `The role named ${name} was not found.`);
  }
  return {
    name,
    title: name.slice("roles/".length),
    stage: "GA",
    etag: "AA==",
    includedPermissions: [...includedPermissions],
  };
}

/** With `-` for the project, an account that does not exist is denied rather than not found. */
function accountName(call: Call): string {
  const email = call.param("email");
  const known = call.scene.world.accounts.get(email);
  const given = call.param("p");
  return `projects/${given === "-" ? (known?.project ?? "-") : given}/serviceAccounts/${email}`;
}

function account(call: Call): Doc {
  const name = accountName(call);
  need(call, "iam.serviceAccounts.get", name, iamHost);
  const found = call.scene.world.accounts.get(call.param("email"));
  if (found === undefined) {
    throw apiError("NOT_FOUND", `Unknown service account`);
  }
  const { email, uniqueId, project, disabled } = found;
  return {
    name: `projects/${project}/serviceAccounts/${email}`,
    projectId: project,
    uniqueId,
    email,
    ...(disabled ? { disabled } : {}),
  };
}

function generateAccessToken(call: Call): Doc {
  const { world, time, mint } = call.scene;
  const email = call.param("email");
  const name = accountName(call);
  const permission = "iam.serviceAccounts.getAccessToken";
  const known = world.accounts.get(email);
  if (known === undefined || !world.policies.holds(call.caller, permission, name)) {
    throw denied(permission, name, iamHost);
  }
  if (listOf(call.body.scope).length === 0) {
    throw apiError("INVALID_ARGUMENT", "Request contains an invalid argument: scope must be given.");
  }
  if (known.disabled) throw apiError("FAILED_PRECONDITION", `Service account ${email} is disabled.`);
  const seconds = Number(/^(\d+)s$/.exec(asText(call.body.lifetime ?? "3600s"))?.[1] ?? Number.NaN);
  if (!(seconds > 0 && seconds <= longestSeconds)) {
    throw apiError("INVALID_ARGUMENT", "The lifetime must be from 1s to 3600s.");
  }
  return {
    accessToken: mint(email, seconds * 1000),
    expireTime: new Date(time.now() + seconds * 1000).toISOString(),
  };
}
