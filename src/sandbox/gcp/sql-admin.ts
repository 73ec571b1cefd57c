import { ApiError, sqlError, sqlNotAuthorized } from "./api-error.ts";
import { type Api, below, type Call, canonical, checkBody, copyOf, paged } from "./call.ts";
import { at, type Doc, docOf, isDoc, put } from "./json.ts";
import { sqlInstance as fields } from "./shapes-data.ts";
import { projectOf } from "./world.ts";

/** Cloud SQL Admin v1, also below `/sql/v1beta4` as the connectors ask. */
export const sqlAdmin: Api = {
  name: "sqladmin",
  host: "sqladmin.googleapis.com",
  title: "Cloud SQL Admin API",
  routes: ["/v1", "/sql/v1beta4"].flatMap((root) => [
    { method: "GET" as const, path: `${root}/projects/{p}/instances`, handle: list },
    { method: "GET" as const, path: `${root}/projects/{p}/instances/{i}`, handle: get },
    { method: "PATCH" as const, path: `${root}/projects/{p}/instances/{i}`, handle: patch },
    {
      method: "GET" as const,
      path: `${root}/projects/{p}/instances/{i}/connectSettings`,
      handle: connectSettings,
    },
    {
      method: "POST" as const,
      path: `${root}/projects/{p}/instances/{i}:generateEphemeralCert`,
      handle: ephemeralCert,
    },
    { method: "GET" as const, path: `${root}/projects/{p}/instances/{i}/users`, handle: users },
    { method: "GET" as const, path: `${root}/projects/{p}/instances/{i}/databases/{d}`, handle: database },
    { method: "GET" as const, path: `${root}/projects/{p}/operations`, handle: operations },
    { method: "GET" as const, path: `${root}/projects/{p}/operations/{o}`, handle: operation },
  ]),
};

/** Says the same of what may not be seen and of what does not exist. */
function need(call: Call, permission: string): void {
  const { world } = call.scene;
  const resource = canonical(world, `projects/${call.param("p")}`);
  if (!world.policies.holds(call.caller, `cloudsql.${permission}`, resource)) throw sqlNotAuthorized();
}

function existing(call: Call, permission: string): { name: string; found: Doc } {
  need(call, permission);
  const name = canonical(call.scene.world, `projects/${call.param("p")}/instances/${call.param("i")}`);
  const found = call.scene.world.sql.get(name);
  if (found === undefined) {
    throw sqlError(404, "instanceDoesNotExist", "The Cloud SQL instance does not exist.");
  }
  return { name, found };
}

function get(call: Call): Doc {
  return copyOf(existing(call, "instances.get").found) ?? {};
}

function list(call: Call): Doc {
  need(call, "instances.list");
  const parent = canonical(call.scene.world, `projects/${call.param("p")}/instances/`);
  return { kind: "sql#instancesList", ...paged(call, "items", below(call.scene.world.sql, parent)) };
}

function connectSettings(call: Call): Doc {
  const { found } = existing(call, "instances.get");
  const { ipAddresses, region, databaseVersion } = found;
  return { kind: "sql#connectSettings", ipAddresses, region, databaseVersion, backendType: "SECOND_GEN" };
}

function ephemeralCert(call: Call): Doc {
  const { found } = existing(call, "instances.connect");
  if (at(found, "settings.activationPolicy") === "NEVER") {
    throw sqlError(400, "invalidState", "Invalid request: Instance is not running.");
  }
  return {
    ephemeralCert: {
      kind: "sql#sslCert",
      cert: "-----BEGIN CERTIFICATE-----\n(fake)\n-----END CERTIFICATE-----\n",
    },
  };
}

function users(call: Call): Doc {
  existing(call, "users.list");
  return { kind: "sql#usersList", items: [{ kind: "sql#user", name: "app", host: "", type: "BUILT_IN" }] };
}

function database(call: Call): Doc {
  existing(call, "databases.get");
  if (call.param("d") !== "app") throw sqlError(404, "databaseDoesNotExist", "The database does not exist.");
  return { kind: "sql#database", name: "app", instance: call.param("i"), project: call.param("p") };
}

function patch(call: Call): Doc {
  const { name, found } = existing(call, "instances.update");
  checkInput(call.body);
  if (found.state === "MAINTENANCE" || call.scene.busy.has(name)) {
    throw sqlError(
      409,
      "operationInProgress",
      "Operation failed because another operation was already in progress. Try your request after the current operation is complete.",
    );
  }
  const version = at(call.body, "settings.settingsVersion");
  if (version !== undefined && version !== at(found, "settings.settingsVersion")) {
    throw sqlError(412, "staleData", "Condition does not match.");
  }
  for (const each of ["region", "name", "project", "databaseVersion"]) {
    if (call.body[each] !== undefined && call.body[each] !== found[each]) {
      throw sqlError(400, "invalid", `Invalid request: ${each} cannot be changed.`);
    }
  }
  const { scene } = call;
  scene.busy.add(name);
  const project = projectOf(scene.world, call.param("p"))?.id ?? call.param("p");
  return scene.operations.start({
    api: sqlAdmin.name,
    shape: "sql",
    name: (id) => id,
    ms: scene.durations.sql,
    describe: ({ start }) => ({
      operationType: "UPDATE",
      targetId: call.param("i"),
      targetProject: project,
      insertTime: start,
      user: call.caller.slice(call.caller.indexOf(":") + 1),
    }),
    finish() {
      scene.busy.delete(name);
      overlay(found, call.body);
      const next = Number(at(found, "settings.settingsVersion") ?? 0) + 1;
      put(found, "settings.settingsVersion", String(next));
      scene.world.sql.set(name, found);
      return {};
    },
    fail: () => void scene.busy.delete(name),
  });
}

function checkInput(body: Doc): void {
  try {
    checkBody(fields, body);
  } catch (error) {
    // Cloud SQL says it in its own shape.
    if (error instanceof ApiError) throw sqlError(400, "invalid", error.message);
    throw error;
  }
}

function overlay(target: Doc, changes: Doc): void {
  for (const [member, value] of Object.entries(changes)) {
    const inside = target[member];
    if (isDoc(value) && isDoc(inside)) overlay(docOf(inside), value);
    else target[member] = structuredClone(value);
  }
}

function operation(call: Call): Doc {
  need(call, "instances.get");
  const found = call.scene.operations.read(call.param("o"));
  if (found === undefined)
    throw sqlError(404, "operationDoesNotExist", "The Cloud SQL operation does not exist.");
  return found;
}

function operations(call: Call): Doc {
  need(call, "instances.get");
  const instance = call.query.get("instance");
  const most = Number(call.query.get("maxResults") ?? 100);
  const all = call.scene.operations.list(sqlAdmin.name);
  const items = all.filter(({ targetId }) => instance === null || targetId === instance).slice(0, most);
  return { kind: "sql#operationsList", ...(items.length === 0 ? {} : { items }) };
}
