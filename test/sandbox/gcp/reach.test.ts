import { expect, test } from "vitest";
import { docOf, put } from "../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { seed } from "../../../src/sandbox/gcp/fixtures.ts";
import { createPolicies } from "../../../src/sandbox/gcp/policies.ts";
import { reach } from "../../../src/sandbox/gcp/reach.ts";
import { type ScenarioName, scenarios } from "../../../src/sandbox/gcp/scenarios.ts";
import { createWorld, type World } from "../../../src/sandbox/gcp/world.ts";

const way = { service: acme.service, instance: acme.sql };

function world(): World {
  const made = createWorld(createPolicies({ now: () => 0, delayMs: () => 0, onSpread: () => undefined }));
  seed(made);
  return made;
}

const revision = (of: World) => docOf(of.revisions.get(`${acme.service}/revisions/greenlight-api-00007-abc`));

test("in good order the service reaches its instance", () => {
  expect(reach(world(), way)).toEqual({ kind: "reached" });
});

test.each([
  ["vpc-missing", "blackhole", "no VPC egress"],
  ["connector-error", "blackhole", "is ERROR"],
  ["role-missing", "reset", "lacks cloudsql.instances.connect"],
  ["instance-stopped", "refuse", "stopped"],
  ["api-disabled", "reset", "sqladmin.googleapis.com is off"],
] satisfies [ScenarioName, string, string][])("%s looks like %s", (name, mode, because) => {
  const broken = world();
  scenarios[name].arrange(broken);
  expect(reach(broken, way)).toEqual({
    kind: "unreached",
    mode,
    because: expect.stringContaining(because),
  });
});

test("with a permissive override everything is reached", () => {
  const broken = world();
  scenarios["permissive-override"].arrange(broken);
  expect(reach(broken, way)).toEqual({ kind: "reached" });
});

test.each<[string, (of: World) => void]>([
  ["the connector is gone", ({ connectors }) => void connectors.delete(acme.connector)],
  [
    "the connector is still made",
    ({ connectors }) => put(docOf(connectors.get(acme.connector)), "state", "CREATING"),
  ],
  [
    "the connector is in another network",
    ({ connectors }) => put(docOf(connectors.get(acme.connector)), "network", "other"),
  ],
  [
    "the interface is in another network",
    (of) =>
      put(revision(of), "vpcAccess", { networkInterfaces: [{ network: "other", subnetwork: "other" }] }),
  ],
  ["the peering is gone", ({ peerings }) => peerings.clear()],
])("packets vanish when %s", (_what, change) => {
  const broken = world();
  change(broken);
  expect(reach(broken, way)).toMatchObject({ kind: "unreached", mode: "blackhole" });
});

test("with Direct VPC egress into its network, or a public address, the instance is reached", () => {
  const direct = world();
  put(revision(direct), "vpcAccess", { networkInterfaces: [{ network: "default", subnetwork: "default" }] });
  expect(reach(direct, way)).toEqual({ kind: "reached" });
  const open = world();
  put(revision(open), "vpcAccess", undefined);
  put(docOf(open.sql.get(acme.sql)), "ipAddresses", [{ type: "PRIMARY", ipAddress: "34.1.2.3" }]);
  expect(reach(open, way)).toEqual({ kind: "reached" });
});

test("a service that is not there, or an instance, reaches nothing", () => {
  const none = world();
  none.sql.clear();
  expect(reach(none, way)).toMatchObject({ kind: "unreached", mode: "reset" });
  none.services.clear();
  expect(reach(none, way)).toMatchObject({ kind: "unreached", mode: "blackhole" });
});
