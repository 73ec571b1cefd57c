import type { Rule } from "./params.ts";

/**
 * What Google's names may be. None of these can hold a blank, a slash that is not part of the form, or a sign that a shell
 * obeys, nor begin with a hyphen.
 */
const matching = (pattern: RegExp, expected: string): Rule => ({
  expected,
  accepts: (value) => typeof value === "string" && value.length <= 300 && pattern.test(value),
});

/** What may be left out. */
export const optional = (rule: Rule): Rule => ({ ...rule, optional: true });

/** An id, with the domain in front that old ones have, or a number. */
const PROJECT = String.raw`(?:(?:[a-z][a-z\d.-]{0,60}:)?[a-z](?:[a-z\d-]{0,28}[a-z\d])?|\d{1,20})`;
const REGION = String.raw`[a-z]{2,20}(?:-[a-z]{2,20}){1,3}\d{1,2}`;
/** RFC 1035, as Compute Engine has it. */
const LABEL = String.raw`[a-z](?:[a-z\d-]{0,61}[a-z\d])?`;
const EMAIL = String.raw`[a-zA-Z\d](?:[\w.+-]{0,62}\w)?@[a-zA-Z\d](?:[a-zA-Z\d.-]{0,120}[a-zA-Z\d])?`;

const whole = (source: string): RegExp => new RegExp(`^(?:${source})$`);

export const PROJECT_RULE = matching(whole(PROJECT), "the id of a project, such as acme-stg");
export const REGION_RULE = matching(whole(REGION), "a region, such as us-central1");
export const SERVICE_RULE = matching(whole(LABEL), "the name of a Cloud Run service, such as api");
export const NETWORK_RULE = matching(whole(LABEL), "the short name of a VPC network, such as default");
export const SUBNET_RULE = matching(whole(LABEL), "the short name of a subnet, such as default");
export const INSTANCE_RULE = matching(
  whole(String.raw`[a-z](?:[a-z\d-]{0,96}[a-z\d])?`),
  "the name of a Cloud SQL instance without project and region, such as db",
);
export const API_RULE = matching(
  whole(String.raw`[a-z][a-z\d-]{1,60}(?:\.googleapis\.com)?`),
  "the name of an API, such as vpcaccess.googleapis.com",
);
export const CONTAINER_RULE = matching(whole(LABEL), "the name of a container of the service");

/** Compute Engine's rule for names, and Google's for connectors: each hyphen counts as two characters. */
export const CONNECTOR_RULE: Rule = {
  expected:
    "a name of small letters, digits and hyphens that begins with a letter, ends with none, and has less than 21 characters, each hyphen counted as two",
  accepts: (value) => typeof value === "string" && isConnectorName(value),
};

/** Of a connector that exists already: in the service's project, or by its full name. */
export const CONNECTOR_REFERENCE_RULE = matching(
  whole(`${LABEL}|projects/${PROJECT}/locations/${REGION}/connectors/${LABEL}`),
  "the name of a connector, such as staging-connector",
);

export const RESOURCE_RULE = matching(
  whole(
    [
      `projects/${PROJECT}`,
      `projects/${PROJECT}/locations/${REGION}/services/${LABEL}`,
      String.raw`projects/${PROJECT}/secrets/[A-Za-z\d_-]{1,255}`,
      `projects/${PROJECT}/serviceAccounts/${EMAIL}`,
    ].join("|"),
  ),
  "projects/P, projects/P/locations/R/services/S, projects/P/secrets/S or projects/P/serviceAccounts/E",
);

export const ROLE_RULE = matching(
  whole(
    String.raw`roles/[a-zA-Z]\w*(?:\.\w+){0,3}|projects/${PROJECT}/roles/[\w.]{3,64}|organizations/\d{1,20}/roles/[\w.]{3,64}`,
  ),
  "a role, such as roles/cloudsql.client",
);

/** No `allUsers`: what everybody may do is not granted by a plan. */
export const MEMBER_RULE = matching(
  whole(`(?:serviceAccount|user|group):${EMAIL}`),
  "serviceAccount:E, user:E or group:E, with an address for E",
);

export const VARIABLE_RULE: Rule = {
  expected: "the name of an environment variable that Cloud Run does not set itself, such as LOG_LEVEL",
  accepts: (value) =>
    typeof value === "string" &&
    /^[A-Za-z_]\w{0,127}$/.test(value) &&
    !["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"].includes(value),
};

function isConnectorName(name: string): boolean {
  const length = name.length + name.split("-").length - 1;
  return /^[a-z](?:[a-z\d-]*[a-z\d])?$/.test(name) && length < 21;
}
