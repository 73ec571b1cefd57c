import { apiError, ApiError, concurrentPolicyChanges, invalid, notFound } from "./api-error.ts";
import { type Call, canonical, checkBody, need, type Route, testPermissions } from "./call.ts";
import { type Doc, docOf, listOf, textOf, asText } from "./json.ts";
import type { Binding } from "./policies.ts";
import { permissionsOfRole } from "./roles.ts";
import { policy as fields } from "./shapes.ts";
import type { World } from "./world.ts";

/** Where a kind of resource has its policy, and who may read and write it. */
export interface PolicyPlace {
  readonly host: string;
  /** `/v1/projects/{p}`. */
  readonly path: string;
  /** Reads with POST and a body, as projects do, rather than with GET and a query. */
  readonly posts: boolean;
  readonly resource: (call: Call) => string;
  readonly exists: (world: World, resource: string) => boolean;
  /** `resourcemanager.projects`. */
  readonly permission: string;
}

/** getIamPolicy, setIamPolicy and testIamPermissions of one kind of resource. */
export function policyRoutes(place: PolicyPlace): readonly Route[] {
  const { path, posts } = place;
  return [
    { method: posts ? "POST" : "GET", path: `${path}:getIamPolicy`, handle: (call) => read(place, call) },
    { method: "POST", path: `${path}:setIamPolicy`, handle: (call) => write(place, call) },
    {
      method: "POST",
      path: `${path}:testIamPermissions`,
      handle: (call) => testPermissions(call, place.resource(call)),
    },
  ];
}

/** Denied before absent: whoever may not read is not told whether it exists. */
function open(place: PolicyPlace, call: Call, verb: "getIamPolicy" | "setIamPolicy"): string {
  const resource = place.resource(call);
  need(call, `${place.permission}.${verb}`, resource, place.host);
  const { world } = call.scene;
  const name = canonical(world, resource);
  if (!place.exists(world, name)) throw notFound(resource);
  return name;
}

function read(place: PolicyPlace, call: Call): Doc {
  const name = open(place, call, "getIamPolicy");
  const { version, etag, bindings } = call.scene.world.policies.read(name);
  const asked = place.posts
    ? docOf(call.body.options).requestedPolicyVersion
    : call.query.get("options.requestedPolicyVersion");
  const plain = Number(asked ?? 1) < 3;
  // Whoever does not ask for version 3 is shown no condition, and the role with a mark, as Google does.
  const mark = `_withcond_${etag.replaceAll(/[^a-z0-9]/gi, "")}`;
  const shown = bindings.map((binding): Doc => {
    const { role, members, condition } = binding;
    if (condition === undefined) return { role, members };
    return plain ? { role: role + mark, members } : { role, members, condition: { ...condition } };
  });
  return { version: plain ? 1 : version, etag, ...(shown.length === 0 ? {} : { bindings: shown }) };
}

function write(place: PolicyPlace, call: Call): Doc {
  const name = open(place, call, "setIamPolicy");
  const { world } = call.scene;
  const wanted = docOf(call.body.policy);
  checkBody(fields, wanted);
  const etag = textOf(wanted.etag);
  const before = world.policies.read(name);
  if (etag !== undefined && etag !== before.etag) throw concurrentPolicyChanges();
  const bindings = listOf(wanted.bindings).map(readBinding);
  const conditional = bindings.some(({ condition }) => condition !== undefined);
  const version = Number(wanted.version ?? 1);
  if (conditional && version !== 3) {
    throw invalid("policy.version", "The policy version must be 3 when a binding has a condition.");
  }
  for (const binding of bindings) {
    if (permissionsOfRole(binding.role) === undefined) {
      throw apiError("INVALID_ARGUMENT", `Role ${binding.role} is not supported for this resource.`);
    }
    for (const member of binding.members) checkMember(world, name, member);
  }
  world.policies.write(name, {
    version: conditional ? 3 : 1,
    bindings: bindings.filter(({ members }) => members.length > 0),
  });
  return { ...world.policies.read(name) } as unknown as Doc;
}

function readBinding(value: unknown): Binding {
  const { role, members, condition } = docOf(value);
  const texts = listOf(members).filter((each) => typeof each === "string");
  return {
    role: asText(role),
    members: [...new Set(texts)],
    ...(condition === undefined
      ? {}
      : { condition: condition as unknown as NonNullable<Binding["condition"]> }),
  };
}

function checkMember(world: World, resource: string, member: string): void {
  const [kind = "", email = ""] = member.split(/:(.*)/s);
  if (["allUsers", "allAuthenticatedUsers"].includes(member)) {
    if (/^projects\/[^/]+$/.test(resource))
      throw invalid("policy.bindings", `Members of type ${member} are not supported.`);
    return;
  }
  const known = ["user", "group", "domain", "serviceAccount", "principal", "principalSet", "deleted"];
  if (!known.includes(kind) || email === "") {
    throw invalid("policy.bindings", `Invalid member ${member}`, `Invalid member ${member}`);
  }
  const isAgent = /@(serverless-robot-prod|cloudservices|gcp-sa-[a-z]+)\.(iam\.)?gserviceaccount\.com$/.test(
    email,
  );
  if (kind === "serviceAccount" && !isAgent && !world.accounts.has(email)) {
    throw new ApiError(
      400,
      apiError("INVALID_ARGUMENT", `Service account ${email} does not exist.`).body,
      email,
    );
  }
}
