// The fields, enums and types of each resource, as Google's descriptions list them (revisions of 2026).
import type { Fields, Shape } from "./shape.ts";

const strings: Shape = { list: "string" };
const rpcStatus: Shape = { fields: { code: "int32", message: "string", details: { list: "any" } } };

/** Serverless VPC Access. */
export const connector: Fields = {
  name: "string",
  network: "string",
  ipCidrRange: "string",
  subnet: { fields: { name: "string", projectId: "string" } },
  machineType: "string",
  minInstances: "int32",
  maxInstances: "int32",
  minThroughput: "int32",
  maxThroughput: "int32",
  connectedProjects: strings,
  state: { oneOf: ["STATE_UNSPECIFIED", "READY", "CREATING", "DELETING", "ERROR", "UPDATING"] },
};

/** Long-running, of all but Cloud SQL. */
export const operation: Fields = {
  name: "string",
  metadata: "any",
  done: "boolean",
  error: rpcStatus,
  response: "any",
};
export const policy: Fields = {
  version: "int32",
  etag: "string",
  bindings: {
    list: {
      fields: {
        role: "string",
        members: strings,
        condition: { fields: { title: "string", expression: "string", description: "string" } },
      },
    },
  },
};
export const project: Fields = {
  projectId: "string",
  projectNumber: "int64",
  name: "string",
  lifecycleState: {
    oneOf: ["LIFECYCLE_STATE_UNSPECIFIED", "ACTIVE", "DELETE_REQUESTED", "DELETE_IN_PROGRESS"],
  },
};
export const api: Fields = {
  name: "string",
  parent: "string",
  config: { fields: { name: "string", title: "string" } },
  state: { oneOf: ["STATE_UNSPECIFIED", "DISABLED", "ENABLED"] },
};
export const account: Fields = {
  name: "string",
  projectId: "string",
  uniqueId: "string",
  email: "string",
  displayName: "string",
  etag: "string",
  disabled: "boolean",
};
export const role: Fields = {
  name: "string",
  title: "string",
  stage: "string",
  etag: "string",
  includedPermissions: strings,
};
