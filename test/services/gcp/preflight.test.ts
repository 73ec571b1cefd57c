import { expect, test } from "vitest";
import { preflight } from "../../../services/gcp/preflight.ts";
import type { GcpAnswer, GcpRequest } from "../../../services/gcp/transport.ts";
import { scripted } from "../../support/google.ts";

const { signal } = new AbortController();

const held =
  (...permissions: string[]) =>
  (request: GcpRequest) => {
    const asked = (request.body as { permissions: string[] }).permissions;
    return { json: { permissions: asked.filter((each) => permissions.includes(each)) } };
  };

const failed = (code: "GCP_DENIED" | "GCP_NOT_FOUND", message: string): GcpAnswer => ({
  kind: "failed",
  error: { code, status: code === "GCP_DENIED" ? 403 : 404, message },
});

test("asks one question a resource, and names what is missing on which", async () => {
  const transport = scripted(held("run.services.update", "vpcaccess.connectors.create"));
  const needed = [
    { permission: "run.services.update", resource: "projects/p/locations/r/services/s" },
    { permission: "iam.serviceAccounts.actAs", resource: "projects/p/serviceAccounts/a@p" },
    { permission: "vpcaccess.connectors.create", resource: "projects/p" },
    { permission: "vpcaccess.connectors.create", resource: "projects/p" },
    { permission: "resourcemanager.projects.setIamPolicy", resource: "projects/p" },
  ];
  await expect(preflight(transport, { needed, signal })).resolves.toEqual({
    kind: "missing",
    missing: [
      { permission: "iam.serviceAccounts.actAs", resource: "projects/p/serviceAccounts/a@p" },
      { permission: "resourcemanager.projects.setIamPolicy", resource: "projects/p" },
    ],
  });
  expect(transport.asked.map(({ path }) => path).toSorted()).toEqual([
    "/v1/projects/p/serviceAccounts/a%40p:testIamPermissions",
    "/v1/projects/p:testIamPermissions",
    "/v2/projects/p/locations/r/services/s:testIamPermissions",
  ]);
});

test("all held", async () => {
  const needed = [{ permission: "a.b.c", resource: "projects/p" }];
  await expect(preflight(scripted(held("a.b.c")), { needed, signal })).resolves.toEqual({
    kind: "held",
    asked: 1,
  });
  await expect(preflight(scripted(held()), { needed: [], signal })).resolves.toEqual({
    kind: "held",
    asked: 0,
  });
});

test("what has no policy of its own, or is not there yet, is asked about its project", async () => {
  const transport = scripted((request) =>
    request.path.includes("services/s")
      ? failed("GCP_NOT_FOUND", "not found")
      : held("vpcaccess.connectors.delete")(request),
  );
  const needed = [
    { permission: "vpcaccess.connectors.delete", resource: "projects/p/locations/r/connectors/c" },
    { permission: "run.services.update", resource: "projects/p/locations/r/services/s" },
  ];
  await expect(preflight(transport, { needed, signal })).resolves.toEqual({
    kind: "missing",
    missing: [{ permission: "run.services.update", resource: "projects/p/locations/r/services/s" }],
  });
});

test("what cannot be asked is unknown, and never counted as held", async () => {
  const transport = scripted((request) =>
    request.path.includes("projects/q") ? failed("GCP_DENIED", "no") : held()(request),
  );
  const needed = [
    { permission: "a.b.c", resource: "projects/p" },
    { permission: "a.b.c", resource: "projects/q" },
  ];
  await expect(preflight(transport, { needed, signal })).resolves.toEqual({
    kind: "unknown",
    missing: [{ permission: "a.b.c", resource: "projects/p" }],
    unknown: [{ resource: "projects/q", because: "no" }],
  });
});
