/** Which APIs there are; the list behind the type, for configuration and endpoints. */
import type { GcpApi } from "./transport.ts";

const HOSTS: Readonly<Record<GcpApi, string>> = {
  serviceusage: "serviceusage.googleapis.com",
  vpcaccess: "vpcaccess.googleapis.com",
  run: "run.googleapis.com",
  cloudresourcemanager: "cloudresourcemanager.googleapis.com",
  iam: "iam.googleapis.com",
  sqladmin: "sqladmin.googleapis.com",
  redis: "redis.googleapis.com",
  secretmanager: "secretmanager.googleapis.com",
  compute: "compute.googleapis.com",
  servicenetworking: "servicenetworking.googleapis.com",
};

export const GCP_APIS = Object.keys(HOSTS) as GcpApi[];

/** `run` → `run.googleapis.com`: its host, and the name by which Service Usage knows it. */
export const hostOf = (api: GcpApi): string => HOSTS[api];
