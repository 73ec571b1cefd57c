/** A Cloud Run service and its revisions as the v2 API describes them, read without trusting it. */
import {
  type Fields,
  fieldsOf,
  flagOf,
  lastPart,
  listOf,
  longOf,
  numberOf,
  partAfter,
  present,
  textOf,
  textsOf,
} from "./fields.ts";
import { type RunContainer, parseContainer } from "./run-container.ts";

export interface RunCondition {
  readonly type: string;
  /** `CONDITION_SUCCEEDED`, `CONDITION_FAILED`, … */
  readonly state: string;
  readonly message?: string;
  readonly reason?: string;
  readonly revisionReason?: string;
}

export interface RunVpcAccess {
  /** `projects/p/locations/r/connectors/c`. */
  readonly connector?: string;
  readonly networkInterfaces: readonly {
    readonly network?: string;
    readonly subnetwork?: string;
    readonly tags: readonly string[];
  }[];
  /** PRIVATE_RANGES_ONLY when the API says nothing. */
  readonly egress: "PRIVATE_RANGES_ONLY" | "ALL_TRAFFIC";
}

export interface RunTemplate {
  /** Absent: the project's default compute account. */
  readonly serviceAccount?: string;
  readonly vpcAccess?: RunVpcAccess;
  readonly containers: readonly RunContainer[];
  /** `p:r:i` of Cloud SQL instances that are mounted. */
  readonly sqlInstances: readonly string[];
  readonly minInstances?: number;
  readonly maxInstances?: number;
}

export interface RunService {
  /** `projects/p/locations/r/services/s`. */
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly service: string;
  readonly etag?: string;
  readonly generation?: string;
  readonly observedGeneration?: string;
  readonly reconciling: boolean;
  readonly terminalCondition?: RunCondition;
  readonly conditions: readonly RunCondition[];
  /** Short names. */
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly uri?: string;
  readonly invokerIamDisabled: boolean;
  readonly traffic: readonly {
    readonly latest: boolean;
    readonly revision?: string;
    readonly percent: number;
  }[];
  readonly template: RunTemplate;
  /** The template as it came, to be changed and sent back; may hold secrets, like `env`. */
  readonly rawTemplate: Fields;
}

/** Undefined when it is no service, or one without a template. */
export function parseRunService(body: unknown): RunService | undefined {
  const fields = fieldsOf(body);
  const name = textOf(fields["name"]);
  const project = name === undefined ? undefined : partAfter(name, "projects");
  const region = name === undefined ? undefined : partAfter(name, "locations");
  const rawTemplate = fieldsOf(fields["template"]);
  if (!name || !project || !region || !Array.isArray(rawTemplate["containers"])) return undefined;
  return present({
    name,
    project,
    region,
    service: lastPart(name),
    etag: textOf(fields["etag"]),
    generation: longOf(fields["generation"]),
    observedGeneration: longOf(fields["observedGeneration"]),
    reconciling: flagOf(fields["reconciling"]) ?? false,
    terminalCondition: parseCondition(fields["terminalCondition"]),
    conditions: listOf(fields["conditions"]).flatMap((each) => parseCondition(each) ?? []),
    latestReadyRevision: shortName(fields["latestReadyRevision"]),
    latestCreatedRevision: shortName(fields["latestCreatedRevision"]),
    uri: textOf(fields["uri"]),
    invokerIamDisabled: flagOf(fields["invokerIamDisabled"]) ?? false,
    traffic: listOf(fields["traffic"]).map(parseTraffic),
    template: parseTemplate(rawTemplate),
    rawTemplate,
  });
}

/** Of a service's `template`, and of a revision itself, which has the same members. */
export function parseTemplate(raw: Fields): RunTemplate {
  const scaling = fieldsOf(raw["scaling"]);
  return present({
    serviceAccount: textOf(raw["serviceAccount"]),
    vpcAccess: parseVpcAccess(raw["vpcAccess"]),
    containers: listOf(raw["containers"]).map(parseContainer),
    sqlInstances: listOf(raw["volumes"]).flatMap((volume) =>
      textsOf(fieldsOf(volume["cloudSqlInstance"])["instances"]),
    ),
    minInstances: numberOf(scaling["minInstanceCount"]),
    maxInstances: numberOf(scaling["maxInstanceCount"]),
  });
}

export function parseCondition(value: unknown): RunCondition | undefined {
  const fields = fieldsOf(value);
  const type = textOf(fields["type"]);
  if (type === undefined) return undefined;
  return present({
    type,
    state: textOf(fields["state"]) ?? "STATE_UNSPECIFIED",
    message: textOf(fields["message"]),
    reason: textOf(fields["reason"]),
    revisionReason: textOf(fields["revisionReason"]),
  });
}

const shortName = (value: unknown): string | undefined => {
  const name = textOf(value);
  return name === undefined ? undefined : lastPart(name);
};

/** An empty object is what the API gives where neither connector nor interface is set: no egress. */
function parseVpcAccess(value: unknown): RunVpcAccess | undefined {
  const fields = fieldsOf(value);
  const connector = textOf(fields["connector"]);
  const interfaces = listOf(fields["networkInterfaces"]);
  if (connector === undefined && interfaces.length === 0) return undefined;
  return present({
    connector,
    networkInterfaces: interfaces.map((each) =>
      present({
        network: textOf(each["network"]),
        subnetwork: textOf(each["subnetwork"]),
        tags: textsOf(each["tags"]),
      }),
    ),
    egress: fields["egress"] === "ALL_TRAFFIC" ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY",
  });
}

function parseTraffic(fields: Fields): RunService["traffic"][number] {
  return present({
    latest: fields["type"] !== "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
    revision: textOf(fields["revision"]),
    percent: numberOf(fields["percent"]) ?? 0,
  });
}
