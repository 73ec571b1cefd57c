import { notFound } from "./api-error.ts";
import { type Api, below, type Call, canonical, copyOf, need, paged } from "./call.ts";
import { asText, type Doc } from "./json.ts";
import { policyRoutes } from "./policy-routes.ts";
import { shortName, type World } from "./world.ts";

/** Memorystore for Redis v1, to read. */
export const memorystore: Api = {
  name: "redis",
  host: "redis.googleapis.com",
  title: "Google Cloud Memorystore for Redis API",
  routes: [
    { method: "GET", path: "/v1/projects/{p}/locations/{r}/instances", handle: listRedis },
    {
      method: "GET",
      path: "/v1/projects/{p}/locations/{r}/instances/{i}",
      handle: (call) =>
        read(call, call.scene.world.redis, `${place(call)}/instances/${call.param("i")}`, {
          permission: "redis.instances.get",
          host: "redis.googleapis.com",
        }),
    },
  ],
};

const secretHost = "secretmanager.googleapis.com";

/** Secret Manager v1, without any payload: there is no `:access` here, so that nothing can come to need it. */
export const secretManager: Api = {
  name: "secretmanager",
  host: secretHost,
  title: "Secret Manager API",
  routes: [
    {
      method: "GET",
      path: "/v1/projects/{p}/secrets/{s}",
      handle: (call) =>
        read(call, call.scene.world.secrets, secretName(call), {
          permission: "secretmanager.secrets.get",
          host: secretHost,
        }),
    },
    { method: "GET", path: "/v1/projects/{p}/secrets/{s}/versions/{v}", handle: version },
    ...policyRoutes({
      host: secretHost,
      path: "/v1/projects/{p}/secrets/{s}",
      posts: false,
      resource: secretName,
      exists: (world, name) => world.secrets.has(name),
      permission: "secretmanager.secrets",
    }),
  ],
};

/** Compute Engine v1: subnetworks, to read. */
export const compute: Api = {
  name: "compute",
  host: "compute.googleapis.com",
  title: "Compute Engine API",
  routes: [
    {
      method: "GET",
      path: "/compute/v1/projects/{p}/regions/{r}/subnetworks/{n}",
      handle: (call) =>
        read(
          call,
          call.scene.world.subnetworks,
          `projects/${call.param("p")}/regions/${call.param("r")}/subnetworks/${call.param("n")}`,
          { permission: "compute.subnetworks.get", host: "compute.googleapis.com" },
        ),
    },
  ],
};

/** Service Networking v1: private services access. */
export const serviceNetworking: Api = {
  name: "servicenetworking",
  host: "servicenetworking.googleapis.com",
  title: "Service Networking API",
  routes: [{ method: "GET", path: "/v1/services/{s}/connections", handle: connections }],
};

function place(call: Call): string {
  return `projects/${call.param("p")}/locations/${call.param("r")}`;
}

function listRedis(call: Call): Doc {
  need(call, "redis.instances.list", place(call), memorystore.host);
  return paged(call, "instances", below(call.scene.world.redis, `${place(call)}/instances/`));
}

function secretName(call: Call): string {
  return canonical(call.scene.world, `projects/${call.param("p")}/secrets/${call.param("s")}`);
}

function read(
  call: Call,
  from: World["secrets"],
  resource: string,
  { permission, host }: { permission: string; host: string },
): Doc {
  need(call, permission, resource, host);
  const found = copyOf(from.get(canonical(call.scene.world, resource)));
  if (found === undefined) throw notFound(resource);
  return found;
}

function version(call: Call): Doc {
  const secret = secretName(call);
  need(call, "secretmanager.versions.get", secret, secretHost);
  const all = below(call.scene.world.secretVersions, `${secret}/versions/`);
  const asked = call.param("v");
  const found =
    asked === "latest"
      ? all.toSorted((a, b) => numbered(b) - numbered(a))[0]
      : all.find((each) => numbered(each) === Number(asked));
  if (found === undefined) throw notFound(`${secret}/versions/${asked}`);
  return copyOf(found) ?? {};
}

function connections(call: Call): Doc {
  const network = call.query.get("network") ?? "";
  need(call, "servicenetworking.services.get", network, serviceNetworking.host);
  const found = copyOf(call.scene.world.peerings.get(network));
  return found === undefined ? {} : { connections: [found] };
}

function numbered(each: Doc): number {
  return Number(shortName(asText(each.name)));
}
