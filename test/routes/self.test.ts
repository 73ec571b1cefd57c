import { describe, expect, test } from "vitest";
import { startApplication, useApplication } from "../service/application.ts";
import { askQuickly } from "../service/ask.ts";

const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
const { url, services } = await useApplication({ env });

describe.each([
  ["starting", { live: 200, ready: 503, startup: 503 }],
  ["ready", { live: 200, ready: 200, startup: 200 }],
  ["draining", { live: 200, ready: 503, startup: 200 }],
] as const)("in phase %s", (phase, expected) => {
  test.each(Object.entries(expected))("/health/%s is %i, for GET and HEAD", async (name, status) => {
    services.lifecycle.enter(phase);
    for (const method of ["GET", "HEAD"]) {
      const answer = await askQuickly(`${url}/health/${name}`, { method });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.has("retry-after")).toBe(status === 503);
      if (method === "GET")
        expect(answer.body).toMatchObject({ status: status === 200 ? "pass" : "fail", phase });
    }
  });
});

test("they say nothing about dependencies: with all of them down the process is live and ready", async () => {
  const application = await startApplication({ env });
  try {
    expect((await askQuickly(`${application.url}/health`)).status).toBe(503);
    for (const name of ["live", "ready", "startup"])
      expect((await askQuickly(`${application.url}/health/${name}`)).status).toBe(200);
  } finally {
    await application.close();
  }
});

test("a query they do not know is 400", async () => {
  expect((await askQuickly(`${url}/health/live?verbose`)).body).toMatchObject({
    status: 400,
    code: "INVALID_REQUEST",
  });
});
