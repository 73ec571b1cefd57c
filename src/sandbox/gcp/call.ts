import { apiError, denied } from "./api-error.ts";
import { type Doc, docOf, isDoc } from "./json.ts";
import type { Operations } from "./operations.ts";
import { type Fields, faultsOf } from "./shape.ts";
import type { FakeTime } from "./time.ts";
import { projectOf, type World } from "./world.ts";

/** How long things take, in ms of the fake's time. */
export interface Durations {
  connector: number;
  service: number;
  sql: number;
  api: number;
  /** Until a change of IAM is in force. */
  iam: number;
}

/** What the parts share. */
export interface Scene {
  readonly world: World;
  readonly operations: Operations;
  readonly time: FakeTime;
  readonly durations: Durations;
  /** Resources that take one operation at a time and have one under way, by name. */
  readonly busy: Set<string>;
  /** Makes an access token for an account. */
  readonly mint: (email: string, lifetimeMs: number) => string;
}

/** One request, read. */
export interface Call {
  readonly scene: Scene;
  /** `serviceAccount:…`. */
  readonly caller: string;
  /** A part of the path, decoded. */
  param(name: string): string;
  readonly query: URLSearchParams;
  readonly body: Doc;
}

/** One method of an API. Handlers answer with the body, or throw `ApiError`. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `/v1/projects/{p}/services/{s}:enable`. */
  readonly path: string;
  readonly handle: (call: Call) => Doc;
}

/** One API, below a prefix of its own. */
export interface Api {
  /** `vpcaccess`. */
  readonly name: string;
  /** `vpcaccess.googleapis.com`. */
  readonly host: string;
  /** `Serverless VPC Access API`. */
  readonly title: string;
  /** Says "not authorized" in place of naming the permission. */
  readonly sql?: boolean;
  readonly routes: readonly Route[];
}

/** Throws IAM_PERMISSION_DENIED unless the caller holds the permission on the resource now. */
export function need(call: Call, permission: string, resource: string, host: string): void {
  if (!call.scene.world.policies.holds(call.caller, permission, canonical(call.scene.world, resource))) {
    throw denied(permission, resource, host);
  }
}

/** Throws 400 as Google does for JSON that its description does not know; `immutable` may not be sent at all. */
export function checkBody(fields: Fields, body: unknown): void {
  const [fault] = faultsOf({ fields }, body);
  if (fault === undefined) return;
  const place = fault.slice(0, fault.indexOf(":"));
  const name = place.slice(place.lastIndexOf(".") + 1);
  const parent = place.slice(0, Math.max(0, place.lastIndexOf(".")));
  const description = fault.endsWith(": unknown")
    ? `Invalid JSON payload received. Unknown name "${name}"${parent === "" ? "" : ` at '${parent}'`}: Cannot find field.`
    : `Invalid value at '${place}' (${fault.slice(place.length + 2)})`;
  throw apiError("INVALID_ARGUMENT", description, [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ ...(parent === "" ? {} : { field: parent }), description }],
    },
  ]);
}

/** One page, and the token of the next; Google's tokens are opaque. */
export function paged(
  call: Call,
  member: string,
  all: readonly Doc[],
  sizes = { standard: 50, most: 200 },
): Doc {
  const asked = Number(call.query.get("pageSize") ?? 0);
  const size = asked > 0 ? Math.min(asked, sizes.most) : sizes.standard;
  const token = call.query.get("pageToken") ?? "";
  const from = token === "" ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(from) || from < 0) {
    throw apiError("INVALID_ARGUMENT", "The page token is invalid.");
  }
  const next = from + size;
  return {
    ...(all.length === 0 ? {} : { [member]: all.slice(from, next) }),
    ...(next < all.length ? { nextPageToken: Buffer.from(String(next)).toString("base64url") } : {}),
  };
}

/** The documents right below a parent: `projects/p/locations/r/connectors/`. */
export function below(documents: ReadonlyMap<string, Doc>, parent: string): Doc[] {
  const found = [...documents].filter(
    ([name]) => name.startsWith(parent) && !name.slice(parent.length).includes("/"),
  );
  return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document);
}

/** A copy of what is asked for, or undefined. */
export function copyOf(document: Doc | undefined): Doc | undefined {
  return document === undefined ? undefined : structuredClone(document);
}

/** Reads `{permissions: [...]}` and answers with those that the caller holds on the resource. */
export function testPermissions(call: Call, resource: string): Doc {
  const { permissions } = call.body;
  const asked = Array.isArray(permissions) ? permissions.filter((each) => typeof each === "string") : [];
  const { policies } = call.scene.world;
  const where = canonical(call.scene.world, resource);
  const held = asked.filter((permission) => policies.holds(call.caller, permission, where));
  return held.length === 0 ? {} : { permissions: held };
}

/** With the id of the project where its number stands. */
export function canonical(world: World, resource: string): string {
  return resource.replace(/^projects\/([^/]+)/, (all, name: string) => {
    const project = projectOf(world, name);
    return project === undefined ? all : `projects/${project.id}`;
  });
}

/** The body, or what is empty where nothing was sent. Throws 400 for anything but an object. */
export function readBody(text: string): Doc {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw apiError("INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected end of string.");
  }
  if (!isDoc(value)) throw apiError("INVALID_ARGUMENT", "Invalid JSON payload received. Root is no object.");
  return docOf(value);
}
