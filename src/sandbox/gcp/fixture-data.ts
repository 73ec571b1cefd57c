import { acme, born } from "./names.ts";
import type { World } from "./world.ts";

const { project, number, region } = acme;

/** The databases, the secret and the network of the world in good order. */
export function seedData(world: World): void {
  world.sql.set(acme.sql, {
    kind: "sql#instance",
    name: "db",
    project,
    region,
    state: "RUNNABLE",
    databaseVersion: "POSTGRES_16",
    connectionName: `${project}:${region}:db`,
    backendType: "SECOND_GEN",
    instanceType: "CLOUD_SQL_INSTANCE",
    createTime: born,
    ipAddresses: [{ type: "PRIVATE", ipAddress: "10.20.0.3" }],
    settings: {
      kind: "sql#settings",
      tier: "db-custom-1-3840",
      activationPolicy: "ALWAYS",
      availabilityType: "ZONAL",
      connectorEnforcement: "NOT_REQUIRED",
      settingsVersion: "12",
      ipConfiguration: { ipv4Enabled: false, privateNetwork: acme.network, sslMode: "ENCRYPTED_ONLY" },
    },
  });
  world.redis.set(acme.redis, {
    name: acme.redis,
    host: "10.30.0.4",
    port: 6379,
    state: "READY",
    tier: "BASIC",
    memorySizeGb: 1,
    authorizedNetwork: acme.network,
    connectMode: "DIRECT_PEERING",
    authEnabled: true,
    transitEncryptionMode: "DISABLED",
    redisVersion: "REDIS_7_0",
    createTime: born,
  });
  world.secrets.set(acme.secret, {
    name: `projects/${number}/secrets/db-password`,
    replication: { automatic: {} },
    createTime: born,
    etag: '"162f0f4f0b1c80"',
  });
  for (const version of ["2", "3"]) {
    world.secretVersions.set(`${acme.secret}/versions/${version}`, {
      name: `projects/${number}/secrets/db-password/versions/${version}`,
      createTime: born,
      state: version === "3" ? "ENABLED" : "DISABLED",
    });
  }
  const base = "https://www.googleapis.com/compute/v1";
  world.subnetworks.set(acme.subnet, {
    kind: "compute#subnetwork",
    id: "4242424242424242424",
    name: "default",
    network: `${base}/${acme.network}`,
    ipCidrRange: "10.128.0.0/20",
    gatewayAddress: "10.128.0.1",
    region: `${base}/projects/${project}/regions/${region}`,
    selfLink: `${base}/${acme.subnet}`,
    privateIpGoogleAccess: true,
    purpose: "PRIVATE",
  });
  world.peerings.set(`projects/${number}/global/networks/default`, {
    network: `projects/${number}/global/networks/default`,
    peering: "servicenetworking-googleapis-com",
    service: "services/servicenetworking.googleapis.com",
    reservedPeeringRanges: ["google-managed-services-default"],
  });
}
