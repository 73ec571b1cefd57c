/** The accounts by which Google's own services act in a project; each is named by the project's number. */

export interface ServiceAgents {
  /** Reaches connectors and networks for Cloud Run: needs roles/run.serviceAgent in its own project. */
  readonly run: string;
  /** Makes the instances of connectors. */
  readonly vpcAccess: string;
  /** Google APIs Service Agent: needs roles/editor, or connectors cannot be made. */
  readonly cloudServices: string;
  readonly cloudSql: string;
  /** What a Cloud Run service runs as when it names no account. */
  readonly defaultCompute: string;
}

/** E-mail addresses, without `serviceAccount:`. */
export function serviceAgents(projectNumber: string): ServiceAgents {
  return {
    run: `service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`,
    vpcAccess: `service-${projectNumber}@gcp-sa-vpcaccess.iam.gserviceaccount.com`,
    cloudServices: `${projectNumber}@cloudservices.gserviceaccount.com`,
    cloudSql: `service-${projectNumber}@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
    defaultCompute: `${projectNumber}-compute@developer.gserviceaccount.com`,
  };
}
