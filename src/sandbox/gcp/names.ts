const project = "acme-stg";
const number = "123456789012";
const region = "us-central1";
const place = `projects/${project}/locations/${region}`;

/** When all of it was made. */
export const born = "2026-01-05T09:30:00.000000Z";
const account = (name: string): string => `${name}@${project}.iam.gserviceaccount.com`;

/** The names in the world that `seed` makes. */
export const acme = {
  project,
  number,
  region,
  place,
  /** Of the service, and of whoever reads. */
  runtime: account("greenlight"),
  /** Who may change things, and whom the runtime may impersonate. */
  remediator: account("remediator"),
  agent: `service-${number}@serverless-robot-prod.iam.gserviceaccount.com`,
  service: `${place}/services/greenlight-api`,
  connector: `${place}/connectors/staging-connector`,
  sql: `projects/${project}/instances/db`,
  redis: `${place}/instances/cache`,
  secret: `projects/${project}/secrets/db-password`,
  subnet: `projects/${project}/regions/${region}/subnetworks/default`,
  network: `projects/${project}/global/networks/default`,
} as const;
