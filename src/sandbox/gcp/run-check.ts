import { apiError, invalid } from "./api-error.ts";
import type { Call } from "./call.ts";
import { at, type Doc, docOf, listOf, textOf, asText } from "./json.ts";

/** The members of a service that users may set. */
export const userFields: readonly string[] = [
  "description",
  "labels",
  "annotations",
  "client",
  "clientVersion",
  "ingress",
  "launchStage",
  "binaryAuthorization",
  "template",
  "traffic",
  "scaling",
  "invokerIamDisabled",
  "defaultUriDisabled",
  "customAudiences",
  "iapEnabled",
];

const reserved = /^([a-z0-9.-]+\.)?(run|cloud)\.googleapis\.com\/|^(serving|autoscaling)\.knative\.dev\//;

/** Throws what Cloud Run says of a service that it would not take. */
export function checkTemplate(call: Call, service: Doc): void {
  for (const annotations of [service.annotations, at(service, "template.annotations")]) {
    const wrong = Object.keys(docOf(annotations)).find((name) => reserved.test(name));
    if (wrong !== undefined) {
      throw invalid(
        "service.annotations",
        `Cloud Run API v2 does not support annotations with run.googleapis.com, cloud.googleapis.com, serving.knative.dev, autoscaling.knative.dev namespaces; found ${wrong}.`,
      );
    }
  }
  const containers = listOf(at(service, "template.containers"));
  if (containers.length === 0) violation("containers", "at least one container must be set.");
  for (const container of containers) checkContainer(docOf(container));
  const access = at(service, "template.vpcAccess");
  if (access !== undefined && Object.keys(docOf(access)).length > 0) checkAccess(call, docOf(access));
}

function checkContainer(container: Doc): void {
  const names = listOf(container.env).map((each) => docOf(each).name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) violation("containers[0].env", `duplicate environment variable ${asText(twice)}.`);
  for (const entry of listOf(container.env).map(docOf)) {
    if (textOf(entry.name) === undefined) violation("containers[0].env", "name must be set.");
    if (["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"].includes(asText(entry.name))) {
      violation(
        "containers[0].env",
        `The following reserved env names were provided: ${asText(entry.name)}.`,
      );
    }
    if (entry.value !== undefined && entry.valueSource !== undefined) {
      violation("containers[0].env", "one and only one of value and value_source must be set.");
    }
  }
}

function checkAccess(call: Call, access: Doc): void {
  const connector = textOf(access.connector);
  const interfaces = listOf(access.networkInterfaces);
  if ((connector === undefined) === (interfaces.length === 0)) {
    violation("vpc_access.connector", "one and only one of connector and network_interfaces must be set.");
  }
  if (interfaces.length > 1)
    violation("vpc_access.network_interfaces", "at most one network interface may be set.");
  if (connector === undefined) {
    const { network, subnetwork } = docOf(interfaces[0]);
    if (textOf(network) === undefined && textOf(subnetwork) === undefined) {
      violation("vpc_access.network_interfaces", "network or subnetwork must be set.");
    }
    return;
  }
  const region = /^projects\/[^/]+\/locations\/([^/]+)\/connectors\/[^/]+$/.exec(connector)?.[1];
  if (region === undefined) {
    violation(
      "vpc_access.connector",
      "must be projects/{project}/locations/{location}/connectors/{connector}.",
    );
  }
  if (region !== call.param("r")) {
    throw apiError(
      "INVALID_ARGUMENT",
      `spec.template.metadata.annotations: The target region ${call.param("r")} for the deployment must be the same as the region of the connector ${connector}.`,
    );
  }
}

function violation(field: string, what: string): never {
  const place = `UpdateServiceRequest.service.template.${field}`;
  throw invalid(place, what, `Violation in ${place}: ${what}`);
}
