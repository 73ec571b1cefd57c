// The fields, enums and types of databases, secrets and networks, as Google's descriptions list them.
import type { Fields, Shape } from "./shape.ts";

const strings: Shape = { list: "string" };

/** Cloud SQL Admin. */
export const sqlInstance: Fields = {
  kind: "string",
  name: "string",
  project: "string",
  region: "string",
  gceZone: "string",
  databaseVersion: "string",
  connectionName: "string",
  backendType: "string",
  instanceType: "string",
  etag: "string",
  selfLink: "string",
  dnsName: "string",
  createTime: "time",
  state: {
    oneOf: [
      "SQL_INSTANCE_STATE_UNSPECIFIED",
      "RUNNABLE",
      "SUSPENDED",
      "PENDING_DELETE",
      "PENDING_CREATE",
      "MAINTENANCE",
      "FAILED",
      "ONLINE_MAINTENANCE",
      "REPAIRING",
    ],
  },
  suspensionReason: strings,
  ipAddresses: {
    list: {
      fields: {
        type: {
          oneOf: ["SQL_IP_ADDRESS_TYPE_UNSPECIFIED", "PRIMARY", "OUTGOING", "PRIVATE", "MIGRATED_1ST_GEN"],
        },
        ipAddress: "string",
      },
    },
  },
  settings: {
    fields: {
      kind: "string",
      tier: "string",
      activationPolicy: { oneOf: ["SQL_ACTIVATION_POLICY_UNSPECIFIED", "ALWAYS", "NEVER", "ON_DEMAND"] },
      availabilityType: { oneOf: ["SQL_AVAILABILITY_TYPE_UNSPECIFIED", "ZONAL", "REGIONAL"] },
      connectorEnforcement: { oneOf: ["CONNECTOR_ENFORCEMENT_UNSPECIFIED", "NOT_REQUIRED", "REQUIRED"] },
      databaseFlags: { list: { fields: { name: "string", value: "string" } } },
      settingsVersion: "int64",
      ipConfiguration: {
        fields: {
          ipv4Enabled: "boolean",
          privateNetwork: "string",
          sslMode: {
            oneOf: [
              "SSL_MODE_UNSPECIFIED",
              "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
              "ENCRYPTED_ONLY",
              "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
            ],
          },
          serverCaMode: {
            oneOf: [
              "CA_MODE_UNSPECIFIED",
              "GOOGLE_MANAGED_INTERNAL_CA",
              "GOOGLE_MANAGED_CAS_CA",
              "CUSTOMER_MANAGED_CAS_CA",
            ],
          },
          authorizedNetworks: { list: "any" },
        },
      },
    },
  },
};
export const sqlOperation: Fields = {
  kind: "string",
  name: "string",
  status: { oneOf: ["SQL_OPERATION_STATUS_UNSPECIFIED", "PENDING", "RUNNING", "DONE"] },
  operationType: "string",
  targetId: "string",
  targetProject: "string",
  targetLink: "string",
  selfLink: "string",
  user: "string",
  insertTime: "time",
  startTime: "time",
  endTime: "time",
  error: {
    fields: {
      kind: "string",
      errors: { list: { fields: { kind: "string", code: "string", message: "string" } } },
    },
  },
};
export const connectSettings: Fields = {
  kind: "string",
  serverCaCert: "any",
  ipAddresses: { list: "any" },
  region: "string",
  databaseVersion: "string",
  backendType: "string",
  dnsName: "string",
};

/** Memorystore. */
export const redisInstance: Fields = {
  name: "string",
  displayName: "string",
  locationId: "string",
  currentLocationId: "string",
  redisVersion: "string",
  host: "string",
  port: "int32",
  readEndpoint: "string",
  readEndpointPort: "int32",
  createTime: "time",
  state: {
    oneOf: [
      "STATE_UNSPECIFIED",
      "CREATING",
      "READY",
      "UPDATING",
      "DELETING",
      "REPAIRING",
      "MAINTENANCE",
      "IMPORTING",
      "FAILING_OVER",
    ],
  },
  statusMessage: "string",
  redisConfigs: { map: "string" },
  tier: { oneOf: ["TIER_UNSPECIFIED", "BASIC", "STANDARD_HA"] },
  memorySizeGb: "int32",
  authorizedNetwork: "string",
  connectMode: { oneOf: ["CONNECT_MODE_UNSPECIFIED", "DIRECT_PEERING", "PRIVATE_SERVICE_ACCESS"] },
  authEnabled: "boolean",
  transitEncryptionMode: {
    oneOf: ["TRANSIT_ENCRYPTION_MODE_UNSPECIFIED", "SERVER_AUTHENTICATION", "DISABLED"],
  },
  serverCaCerts: { list: "any" },
  suspensionReasons: strings,
};

/** Secret Manager, without what is secret. */
export const secret: Fields = {
  name: "string",
  replication: "any",
  createTime: "time",
  labels: { map: "string" },
  etag: "string",
};
export const secretVersion: Fields = {
  name: "string",
  createTime: "time",
  destroyTime: "time",
  state: { oneOf: ["STATE_UNSPECIFIED", "ENABLED", "DISABLED", "DESTROYED"] },
  etag: "string",
};

export const subnetwork: Fields = {
  kind: "string",
  id: "int64",
  name: "string",
  network: "string",
  ipCidrRange: "string",
  gatewayAddress: "string",
  region: "string",
  selfLink: "string",
  privateIpGoogleAccess: "boolean",
  purpose: "string",
  state: { oneOf: ["READY", "DRAINING"] },
};
export const peering: Fields = {
  network: "string",
  peering: "string",
  service: "string",
  reservedPeeringRanges: strings,
};
