import { readdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { bearer, platformAccess, tokenAccess, tokenRule } from "../service/access.ts";
import {
  type Application,
  type ApplicationOptions,
  startApplication,
  useApplication,
} from "../service/application.ts";
import { ask } from "../service/ask.ts";

const TOKEN = "canary-reader-0123456789abcdef";
const env = {
  DATABASE_URL: "postgres://canary-user:canary-password@canary-host.invalid:1/canary-db",
  REDIS_URL: "redis://127.0.0.1:1/0",
  GREENLIGHT_ENVIRONMENT: "canary-environment",
};
const rules = [tokenRule("ci", TOKEN)];
const guarded = await useApplication({ env, observe: false, access: tokenAccess({ rules }) });
const open = await useApplication({ env: { REDIS_URL: "redis://127.0.0.1:1/0" }, observe: false });
const files = readdirSync("src/dashboard").filter((name) => /\.(?:js|css|svg)$/.test(name));
const paths = ["/", ...files.map((name) => `/dashboard/${name}`)];

async function startHere(options: Partial<ApplicationOptions>): Promise<Application> {
  const application = await startApplication({ env, observe: false, ...options });
  onTestFinished(() => application.close());
  return application;
}

test.each(paths)(
  "without a token %s is the same bytes as for a reader, and as in any other service",
  async (path) => {
    const stranger = await ask(`${guarded.url}${path}`);
    const reader = await ask(`${guarded.url}${path}`, bearer(TOKEN));
    const elsewhere = await ask(`${open.url}${path}`);
    expect(stranger.status).toBe(200);
    expect([reader.text, elsewhere.text]).toEqual([stranger.text, stranger.text]);
    expect(stranger.text).not.toMatch(/canary/);
  },
);

test("nor does the index hold a name of this service's own", async () => {
  const asJson = { headers: { accept: "application/json" } };
  const stranger = await ask(`${guarded.url}/`, asJson);
  expect(stranger.text).toBe((await ask(`${open.url}/`, asJson)).text);
  expect(stranger.text).not.toMatch(/canary|postgres|redis|0\.0\.0/);
});

test("a file that is not there is no way past the guard", async () => {
  for (const path of [
    "/dashboard/..%2fhealth",
    "/dashboard/..%2f..%2fmetrics",
    "/dashboard//../health",
    "/dashboard",
  ]) {
    const answer = await ask(`${guarded.url}${path}`);
    expect([401, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/canary|checks/);
  }
});

test("looking at the page costs nobody's share of the limit, and a share that is used up does not free data", async () => {
  const limits = { perPrincipal: 1, perAddress: 1 };
  const scarce = await startHere({ access: tokenAccess({ rules, limits }) });
  for (let count = 0; count < 20; count += 1) {
    const answer = await ask(`${scarce.url}/`);
    expect([answer.status, answer.headers.get("ratelimit")]).toEqual([200, null]);
  }
  expect((await ask(`${scarce.url}/gate`)).status).toBe(401);
  while ((await ask(`${scarce.url}/gate`)).status !== 429);
  expect((await ask(`${scarce.url}/`)).status).toBe(200);
  expect((await ask(`${scarce.url}/health`)).status).toBe(429);
});

test("in mode platform the page is no proof that the platform asks nobody, and no answer to it either", async () => {
  const platform = await startHere({ access: platformAccess({ rules }), onCloudRun: true });
  const page = await ask(`${platform.url}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get("strict-transport-security")).toContain("max-age");
  // What asks for data without a token shows it, as before.
  expect((await ask(`${platform.url}/gate`)).status).toBe(403);
});
