// The fields, enums and types of Cloud Run v2, as Google's description lists them (revision 20260917).
import type { Fields, Shape } from "./shape.ts";

const strings: Shape = { list: "string" };
const texts: Shape = { map: "string" };
const condition: Shape = {
  fields: {
    type: "string",
    state: {
      oneOf: [
        "STATE_UNSPECIFIED",
        "CONDITION_PENDING",
        "CONDITION_RECONCILING",
        "CONDITION_FAILED",
        "CONDITION_SUCCEEDED",
      ],
    },
    message: "string",
    lastTransitionTime: "time",
    severity: { oneOf: ["SEVERITY_UNSPECIFIED", "ERROR", "WARNING", "INFO"] },
    reason: {
      oneOf: [
        "COMMON_REASON_UNDEFINED",
        "UNKNOWN",
        "REVISION_FAILED",
        "PROGRESS_DEADLINE_EXCEEDED",
        "CONTAINER_MISSING",
        "CONTAINER_PERMISSION_DENIED",
        "CONTAINER_IMAGE_UNAUTHORIZED",
        "CONTAINER_IMAGE_AUTHORIZATION_CHECK_FAILED",
        "ENCRYPTION_KEY_PERMISSION_DENIED",
        "ENCRYPTION_KEY_CHECK_FAILED",
        "SECRETS_ACCESS_CHECK_FAILED",
        "WAITING_FOR_OPERATION",
        "IMMEDIATE_RETRY",
        "POSTPONED_RETRY",
        "INTERNAL",
        "VPC_NETWORK_NOT_FOUND",
      ],
    },
    revisionReason: {
      oneOf: [
        "REVISION_REASON_UNDEFINED",
        "PENDING",
        "RESERVE",
        "RETIRED",
        "RETIRING",
        "RECREATING",
        "HEALTH_CHECK_CONTAINER_ERROR",
        "CUSTOMIZED_PATH_RESPONSE_PENDING",
        "MIN_INSTANCES_NOT_PROVISIONED",
        "ACTIVE_REVISION_LIMIT_REACHED",
        "NO_DEPLOYMENT",
        "HEALTH_CHECK_SKIPPED",
        "MIN_INSTANCES_WARMING",
      ],
    },
  },
};
const probe: Shape = {
  fields: {
    initialDelaySeconds: "int32",
    timeoutSeconds: "int32",
    periodSeconds: "int32",
    failureThreshold: "int32",
    httpGet: { fields: { path: "string", port: "int32", httpHeaders: { list: "any" } } },
    tcpSocket: { fields: { port: "int32" } },
    grpc: { fields: { port: "int32", service: "string" } },
  },
};
const variable: Shape = {
  fields: {
    name: "string",
    value: "string",
    valueSource: { fields: { secretKeyRef: { fields: { secret: "string", version: "string" } } } },
  },
};
const container: Shape = {
  fields: {
    name: "string",
    image: "string",
    command: strings,
    args: strings,
    env: { list: variable },
    resources: { fields: { limits: texts, cpuIdle: "boolean", startupCpuBoost: "boolean" } },
    ports: { list: { fields: { name: "string", containerPort: "int32" } } },
    volumeMounts: { list: { fields: { name: "string", mountPath: "string", subPath: "string" } } },
    workingDir: "string",
    startupProbe: probe,
    livenessProbe: probe,
    readinessProbe: probe,
    dependsOn: strings,
  },
};
const vpcAccess: Shape = {
  fields: {
    connector: "string",
    egress: { oneOf: ["VPC_EGRESS_UNSPECIFIED", "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"] },
    networkInterfaces: { list: { fields: { network: "string", subnetwork: "string", tags: strings } } },
  },
};
const scaling: Shape = { fields: { minInstanceCount: "int32", maxInstanceCount: "int32" } };
const volume: Shape = {
  fields: {
    name: "string",
    cloudSqlInstance: { fields: { instances: strings } },
    secret: "any",
    emptyDir: "any",
    nfs: "any",
    gcs: "any",
  },
};
const runs: Fields = {
  labels: texts,
  annotations: texts,
  scaling,
  vpcAccess,
  timeout: "string",
  serviceAccount: "string",
  containers: { list: container },
  volumes: { list: volume },
  executionEnvironment: {
    oneOf: ["EXECUTION_ENVIRONMENT_UNSPECIFIED", "EXECUTION_ENVIRONMENT_GEN1", "EXECUTION_ENVIRONMENT_GEN2"],
  },
  encryptionKey: "string",
  maxInstanceRequestConcurrency: "int32",
  sessionAffinity: "boolean",
};
const traffic: Fields = {
  type: {
    oneOf: [
      "TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED",
      "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST",
      "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
    ],
  },
  revision: "string",
  percent: "int32",
  tag: "string",
};
const ingress: Shape = {
  oneOf: [
    "INGRESS_TRAFFIC_UNSPECIFIED",
    "INGRESS_TRAFFIC_ALL",
    "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "INGRESS_TRAFFIC_NONE",
  ],
};
const common: Fields = {
  name: "string",
  uid: "string",
  generation: "int64",
  createTime: "time",
  updateTime: "time",
  observedGeneration: "int64",
  reconciling: "boolean",
  conditions: { list: condition },
  etag: "string",
};

/** Cloud Run v2. */
export const service: Fields = {
  ...common,
  description: "string",
  labels: texts,
  annotations: texts,
  creator: "string",
  lastModifier: "string",
  client: "string",
  clientVersion: "string",
  ingress,
  launchStage: "string",
  binaryAuthorization: "any",
  template: { fields: { ...runs, revision: "string" } },
  traffic: { list: { fields: traffic } },
  scaling,
  invokerIamDisabled: "boolean",
  defaultUriDisabled: "boolean",
  customAudiences: strings,
  iapEnabled: "boolean",
  urls: strings,
  uri: "string",
  terminalCondition: condition,
  latestReadyRevision: "string",
  latestCreatedRevision: "string",
  trafficStatuses: { list: { fields: { ...traffic, uri: "string" } } },
};
export const revision: Fields = {
  ...common,
  ...runs,
  service: "string",
  launchStage: "string",
  logUri: "string",
};
