import { anything, assert, integer, property, string } from "fast-check";
import { expect, test } from "vitest";
import { toGcpError } from "../../../services/gcp/errors.ts";

const json = (status: number, body: unknown) => ({
  status,
  contentType: "application/json; charset=UTF-8",
  text: JSON.stringify(body),
});
const html = (status: number, text: string) => ({ status, contentType: "text/html", text });

const info = (reason: string, metadata: Record<string, string>) => [
  { "@type": "type.googleapis.com/google.rpc.Help", links: [] },
  { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com", metadata },
];

test.each([
  [
    "an API that is off",
    json(403, {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message: "Serverless VPC Access API has not been used in project 123 before or it is disabled.",
        details: info("SERVICE_DISABLED", { service: "vpcaccess.googleapis.com", consumer: "projects/123" }),
      },
    }),
    { code: "GCP_API_DISABLED", service: "vpcaccess.googleapis.com", status: 403 },
  ],
  [
    "an API that is off, in the words of older ones",
    json(403, {
      error: {
        code: 403,
        message:
          "Cloud SQL Admin API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/sqladmin.googleapis.com/overview?project=1 then retry.",
        errors: [{ reason: "accessNotConfigured", domain: "usageLimits" }],
      },
    }),
    { code: "GCP_API_DISABLED", service: "sqladmin.googleapis.com" },
  ],
  [
    "a permission that is missing",
    json(403, {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message:
          "Permission 'vpcaccess.connectors.get' denied on resource '//vpcaccess.googleapis.com/projects/p/locations/l' (or it may not exist).",
        details: info("IAM_PERMISSION_DENIED", { permission: "vpcaccess.connectors.get", resource: "x" }),
      },
    }),
    { code: "GCP_DENIED", permission: "vpcaccess.connectors.get" },
  ],
  [
    "a permission that only the sentence names",
    json(403, {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message:
          "Permission 'iam.serviceaccounts.actAs' denied on service account a@b (or it may not exist).",
      },
    }),
    { code: "GCP_DENIED", permission: "iam.serviceaccounts.actAs" },
  ],
  [
    "Compute Engine's sentence",
    json(403, {
      error: { code: 403, message: "Required 'compute.subnetworks.get' permission for 'projects/p/…'" },
    }),
    { code: "GCP_DENIED", permission: "compute.subnetworks.get" },
  ],
  [
    "Cloud SQL's, which names nothing",
    json(403, {
      error: {
        code: 403,
        message: "The client is not authorized to make this request.",
        errors: [{ reason: "notAuthorized", domain: "global" }],
      },
    }),
    { code: "GCP_DENIED", message: "The client is not authorized to make this request." },
  ],
  [
    "what is not there",
    json(404, { error: { code: 404, message: "was not found", status: "NOT_FOUND" } }),
    { code: "GCP_NOT_FOUND" },
  ],
  ["a page for a path that leads nowhere", html(404, "<title>Error 404</title>"), { code: "GCP_MALFORMED" }],
  [
    "somebody who was faster",
    json(409, { error: { code: 409, status: "ABORTED", message: "There were concurrent policy changes." } }),
    { code: "GCP_CONFLICT" },
  ],
  ["a stale etag", json(412, { error: { code: 412, message: "etag" } }), { code: "GCP_CONFLICT" }],
  [
    "no credentials",
    json(401, { error: { code: 401, status: "UNAUTHENTICATED", message: "m" } }),
    { code: "GCP_UNAUTHENTICATED" },
  ],
  [
    "OAuth's shape",
    json(400, { error: "invalid_grant", error_description: "x" }),
    { code: "GCP_INVALID", message: "invalid_grant" },
  ],
  [
    "what is asked wrongly",
    json(400, { error: { code: 400, status: "INVALID_ARGUMENT", message: "not a /28" } }),
    { code: "GCP_INVALID" },
  ],
  ["too much", json(429, { error: { code: 429, message: "m" } }), { code: "GCP_UNAVAILABLE" }],
  ["a server in trouble", html(502, "<html>Bad Gateway</html>"), { code: "GCP_UNAVAILABLE" }],
  [
    "a page of the front end",
    html(403, "<html><head><title>403 Forbidden</title></head><script>x()</script></html>"),
    {
      code: "GCP_DENIED",
      message: "answered 403 with a page of a front end or proxy, not the API: 403 Forbidden",
    },
  ],
])("names %s", (_name, answer, expected) => {
  expect(toGcpError(answer)).toMatchObject(expected);
});

test("shows no token that a sentence quotes", () => {
  const error = toGcpError(
    json(401, {
      error: { code: 401, message: "Invalid token signature: eyJhbGciOi.eyJzdWIi.abc ya29.secret" },
    }),
  );
  expect(error.message).not.toMatch(/eyJ|ya29\.s/);
});

test("never throws, is one line and is short, whatever comes", () => {
  assert(
    property(integer({ min: 300, max: 599 }), anything(), string(), (status, body, page) => {
      for (const answer of [json(status, { error: body }), json(status, body), html(status, page)]) {
        const { text } = answer;
        if (text === undefined) continue;
        const error = toGcpError(answer);
        expect(error.message.length).toBeLessThanOrEqual(700);
        expect(error.message).not.toContain("\n");
      }
    }),
  );
});
