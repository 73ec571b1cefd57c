import { apiError, denied, notFound } from "./api-error.ts";
import { type Api, below, type Call, checkBody, copyOf, need, paged } from "./call.ts";
import { at, type Doc, docOf, put, textOf, asText } from "./json.ts";
import { policyRoutes } from "./policy-routes.ts";
import { checkTemplate, userFields } from "./run-check.ts";
import { revise } from "./run-revision.ts";
import { service as fields } from "./shapes-run.ts";

const host = "run.googleapis.com";
const servicePath = "/v2/projects/{p}/locations/{r}/services/{s}";

/** Cloud Run v2. */
export const run: Api = {
  name: "run",
  host,
  title: "Cloud Run Admin API",
  routes: [
    { method: "GET", path: "/v2/projects/{p}/locations/{r}/services", handle: list },
    { method: "GET", path: servicePath, handle: get },
    { method: "PATCH", path: servicePath, handle: patch },
    { method: "GET", path: `${servicePath}/revisions`, handle: revisions },
    { method: "GET", path: `${servicePath}/revisions/{v}`, handle: revision },
    { method: "GET", path: "/v2/projects/{p}/locations/{r}/operations/{o}", handle: operation },
    { method: "POST", path: "/v2/projects/{p}/locations/{r}/operations/{o}:wait", handle: operation },
    ...policyRoutes({
      host,
      path: servicePath,
      posts: false,
      resource: serviceName,
      exists: (world, name) => world.services.has(name),
      permission: "run.services",
    }),
  ],
};

function place(call: Call): string {
  return `projects/${call.param("p")}/locations/${call.param("r")}`;
}

function serviceName(call: Call): string {
  return `${place(call)}/services/${call.param("s")}`;
}

function existing(call: Call, permission: string): Doc {
  const name = serviceName(call);
  need(call, `run.services.${permission}`, name, host);
  const found = call.scene.world.services.get(name);
  if (found === undefined) throw notFound(name);
  return found;
}

function get(call: Call): Doc {
  return copyOf(existing(call, "get")) ?? {};
}

function list(call: Call): Doc {
  need(call, "run.services.list", place(call), host);
  return paged(call, "services", below(call.scene.world.services, `${place(call)}/services/`));
}

function revisions(call: Call): Doc {
  need(call, "run.revisions.list", serviceName(call), host);
  return paged(call, "revisions", below(call.scene.world.revisions, `${serviceName(call)}/revisions/`));
}

function revision(call: Call): Doc {
  const name = `${serviceName(call)}/revisions/${call.param("v")}`;
  need(call, "run.revisions.get", name, host);
  const found = copyOf(call.scene.world.revisions.get(name));
  if (found === undefined) throw notFound(name);
  return found;
}

function operation(call: Call): Doc {
  const name = `${place(call)}/operations/${call.param("o")}`;
  need(call, "run.operations.get", name, host);
  const found = call.scene.operations.read(name);
  if (found === undefined) throw notFound(name);
  return found;
}

function patch(call: Call): Doc {
  const before = existing(call, "update");
  checkBody(fields, call.body);
  const etag = textOf(call.body.etag);
  if (etag !== undefined && etag !== before.etag) {
    throw apiError(
      "ABORTED",
      `Conflict for resource '${call.param("s")}': version '${etag}' was specified but current version is '${asText(before.etag)}'.`,
    );
  }
  const next = merge(call, before);
  const account = textOf(at(next, "template.serviceAccount")) ?? "";
  const accountName = `projects/${call.param("p")}/serviceAccounts/${account}`;
  if (!call.scene.world.policies.holds(call.caller, "iam.serviceAccounts.actAs", accountName)) {
    throw denied("iam.serviceaccounts.actAs", accountName, "iam.googleapis.com");
  }
  checkTemplate(call, next);
  return revise(call, before, next, call.query.get("validateOnly") === "true");
}

/** The service as it would be: masked members from the body, or all that users may set where there is no mask. */
function merge(call: Call, before: Doc): Doc {
  const mask = (call.query.get("updateMask") ?? "").split(",").filter((each) => each !== "");
  const next = structuredClone(before);
  const paths = mask.length === 0 || mask.includes("*") ? userFields : mask;
  for (const path of paths) {
    const [top = ""] = path.split(".");
    if (!userFields.includes(top)) {
      throw apiError("INVALID_ARGUMENT", `Update mask path '${path}' is not a field that can be updated.`);
    }
    put(next, path, structuredClone(at(call.body, path)));
  }
  // The name of the revision is taken from the body alone, mask or not: resent, it names one that exists.
  const template = docOf(next.template);
  template.revision = textOf(at(call.body, "template.revision"));
  next.template = template;
  return next;
}
