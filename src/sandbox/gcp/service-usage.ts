import { apiError, notFound } from "./api-error.ts";
import { type Api, type Call, need, paged } from "./call.ts";
import { type Doc, listOf } from "./json.ts";
import { type Project, projectOf } from "./world.ts";

const host = "serviceusage.googleapis.com";
const mostRead = 30;
const mostEnabled = 20;

/** The APIs that the fake knows, with the titles that Google's errors call them by. */
export const titles: Readonly<Record<string, string>> = {
  "run.googleapis.com": "Cloud Run Admin API",
  "vpcaccess.googleapis.com": "Serverless VPC Access API",
  "compute.googleapis.com": "Compute Engine API",
  "sqladmin.googleapis.com": "Cloud SQL Admin API",
  "servicenetworking.googleapis.com": "Service Networking API",
  "redis.googleapis.com": "Google Cloud Memorystore for Redis API",
  "secretmanager.googleapis.com": "Secret Manager API",
  "serviceusage.googleapis.com": "Service Usage API",
  "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
  "iamcredentials.googleapis.com": "IAM Service Account Credentials API",
  "logging.googleapis.com": "Cloud Logging API",
  "monitoring.googleapis.com": "Cloud Monitoring API",
};

/** Service Usage v1: which APIs a project has switched on. */
export const serviceUsage: Api = {
  name: "serviceusage",
  host,
  title: "Service Usage API",
  routes: [
    { method: "GET", path: "/v1/projects/{p}/services", handle: list },
    { method: "GET", path: "/v1/projects/{p}/services:batchGet", handle: batchGet },
    { method: "GET", path: "/v1/projects/{p}/services/{s}", handle: get },
    { method: "POST", path: "/v1/projects/{p}/services/{s}:enable", handle: enable },
    { method: "POST", path: "/v1/projects/{p}/services/{s}:disable", handle: disable },
    { method: "POST", path: "/v1/projects/{p}/services:batchEnable", handle: batchEnable },
    { method: "GET", path: "/v1/operations/{o}", handle: operation },
  ],
};

function project(call: Call, permission: string): Project {
  need(call, permission, `projects/${call.param("p")}`, host);
  const found = projectOf(call.scene.world, call.param("p"));
  if (found === undefined) throw notFound(`projects/${call.param("p")}`);
  return found;
}

function describe({ number, enabled }: Project, name: string): Doc {
  const title = titles[name];
  if (title === undefined) {
    throw apiError("NOT_FOUND", `Not found or permission denied for service(s): ${name}.`);
  }
  return {
    name: `projects/${number}/services/${name}`,
    parent: `projects/${number}`,
    config: { name, title },
    state: enabled.has(name) ? "ENABLED" : "DISABLED",
  };
}

function get(call: Call): Doc {
  return describe(project(call, "serviceusage.services.get"), call.param("s"));
}

function list(call: Call): Doc {
  const found = project(call, "serviceusage.services.list");
  const wanted = /^state:(ENABLED|DISABLED)$/.exec(call.query.get("filter") ?? "")?.[1];
  const all = Object.keys(titles).map((name) => describe(found, name));
  return paged(call, "services", wanted === undefined ? all : all.filter(({ state }) => state === wanted));
}

function batchGet(call: Call): Doc {
  const found = project(call, "serviceusage.services.get");
  const names = call.query.getAll("names");
  if (names.length === 0 || names.length > mostRead) {
    throw apiError("INVALID_ARGUMENT", `Request must name from 1 to ${mostRead} services.`);
  }
  return { services: names.map((name) => describe(found, name.slice(name.lastIndexOf("/") + 1))) };
}

function change(call: Call, names: readonly string[], permission: string, method: string): Doc {
  const found = project(call, permission);
  const described = names.map((name) => describe(found, name));
  const on = method !== "DisableService";
  const resourceNames = described.map(({ name }) => name ?? "");
  const finish = (): Doc => {
    for (const name of names) {
      if (on) found.enabled.add(name);
      else found.enabled.delete(name);
    }
    const type = `type.googleapis.com/google.api.serviceusage.v1.${method}Response`;
    const after = names.map((name) => describe(found, name));
    return method === "BatchEnableServices"
      ? { "@type": type, services: after }
      : { "@type": type, service: after[0] };
  };
  return call.scene.operations.start({
    api: serviceUsage.name,
    shape: "google",
    name: (id) => `operations/acat.p2-${found.number}-${id}`,
    ms: call.scene.durations.api,
    describe: () => ({
      metadata: {
        "@type": "type.googleapis.com/google.api.serviceusage.v1.OperationMetadata",
        resourceNames,
      },
    }),
    finish,
  });
}

function enable(call: Call): Doc {
  return change(call, [call.param("s")], "serviceusage.services.enable", "EnableService");
}

function disable(call: Call): Doc {
  return change(call, [call.param("s")], "serviceusage.services.disable", "DisableService");
}

function batchEnable(call: Call): Doc {
  const names = listOf(call.body.serviceIds).filter((each) => typeof each === "string");
  if (names.length === 0 || names.length > mostEnabled) {
    throw apiError("INVALID_ARGUMENT", `Request must name from 1 to ${mostEnabled} services.`);
  }
  return change(call, names, "serviceusage.services.enable", "BatchEnableServices");
}

function operation(call: Call): Doc {
  const name = `operations/${call.param("o")}`;
  const found = call.scene.operations.read(name);
  if (found === undefined) throw notFound(name);
  return found;
}
