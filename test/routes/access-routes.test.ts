import { fastify } from "fastify";
import { afterAll, describe, expect, test } from "vitest";
import { buildApp } from "../../src/app.ts";
import { authenticationPlugin } from "../../src/plugins/authentication.ts";
import { createServices } from "../../src/services.ts";
import { createGuard } from "../../services/access/guard.ts";
import { systemClock } from "../../services/clock.ts";
import { bearer, tokenAccess, tokenRule } from "../service/access.ts";
import { sendBytes } from "../service/ask.ts";
import { configFor } from "../service/application.ts";

const TOKEN = "canary-reader-0123456789abcdef";
const services = createServices({
  config: await configFor({ DATABASE_URL: "postgres://127.0.0.1:1/x", REDIS_URL: "redis://127.0.0.1:1/0" }),
  clock: systemClock,
  version: "0",
});
const access = tokenAccess({ rules: [tokenRule("ci", TOKEN)], public: "verdict" });
const app = await buildApp(services, { access });
const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
afterAll(async () => {
  await app.close();
  await services.close();
});

/** Fastify prints its routes as a tree. */
function routesIn(printed: string): { method: string; path: string }[] {
  const parents: string[] = [];
  return printed.split("\n").flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/u.exec(line);
    if (found === null) return [];
    const [, indent = "", segment = "", methods = ""] = found;
    const depth = indent.length / 4;
    parents[depth] = segment;
    const path = parents.slice(0, depth + 1).join("");
    return methods.split(", ").map((method) => ({ method, path }));
  });
}

const routes = routesIn(app.printRoutes({ commonPrefix: false }));
const anonymousMay = new Set(["/health", "/health/database", "/health/postgres", "/health/redis"]);
const gates = new Set(["/gate/all", "/gate/database"]);
const publicPaths = new Set(["/health/live", "/health/ready", "/health/startup"]);
/** The same bytes in every service: test/routes/dashboard-access.test.ts. */
const pagePaths = new Set(["/", "/dashboard/:file"]);

describe("of all routes that there are", () => {
  test("some are found", () => {
    expect(routes.length).toBeGreaterThan(20);
    for (const path of [...anonymousMay, ...gates, ...publicPaths])
      expect(routes).toContainEqual({ method: "GET", path });
  });

  test.each(routes)(
    "$method $path answers a caller without a token only what is meant for one",
    async ({ method, path }) => {
      const url = path.replace(":name", "unknown").replace("*", "x");
      const answer = await app.inject({ method: method as "GET", url });
      if (pagePaths.has(path)) {
        expect([200, 404]).toContain(answer.statusCode);
        expect(answer.body).not.toContain("127.0.0.1");
      } else if (publicPaths.has(path)) {
        expect(answer.body).not.toMatch(/redis|postgres/);
        expect([200, 503]).toContain(answer.statusCode);
      } else if (anonymousMay.has(path)) {
        expect(method === "HEAD" ? "" : '{"status":"fail"}').toBe(answer.body);
      } else if (gates.has(path)) {
        const suite = path.replace("/gate/", "");
        expect(method === "HEAD" ? "" : JSON.stringify({ suite, verdict: "wait" })).toBe(answer.body);
      } else {
        expect(answer.statusCode).toBe(401);
      }
    },
  );
});

test("a route that does not say who may ask needs a reader", async () => {
  const bare = fastify();
  authenticationPlugin(bare, createGuard(access, { clock: systemClock, onCloudRun: false }));
  bare.get("/new", () => "detail");
  bare.get("/operators", { config: { access: "operator" } }, () => "done");
  expect((await bare.inject("/new")).statusCode).toBe(401);
  expect((await bare.inject({ url: "/new", ...bearer(TOKEN) })).body).toBe("detail");
  const refused = await bare.inject({ url: "/operators", ...bearer(TOKEN) });
  expect({ status: refused.statusCode, code: refused.json<{ code: string }>().code }).toEqual({
    status: 403,
    code: "ROLE_REQUIRED",
  });
  await bare.close();
});

test.each([
  "/docs/../health",
  "/docs/%2e%2e/health",
  "//health",
  "/docs//../metrics",
  "/docs/..%2fmetrics",
  "/DOCS/../why/redis",
])("%s leads nowhere past the guard, not even into the instance that describes the routes", async (path) => {
  // As a reader would have it, so that the second instance exists.
  expect((await app.inject({ url: "/openapi.json", ...bearer(TOKEN) })).statusCode).toBe(200);
  const request = (headers: string): Promise<string> =>
    sendBytes(port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`);
  expect(await request("")).toMatch(/^HTTP\/1\.1 40[01] /);
  const reader = await request(`authorization: Bearer ${TOKEN}\r\n`);
  expect(reader).toMatch(/^HTTP\/1\.1 40[0-4] /);
  expect(reader).not.toMatch(/redis:responseTime|# HELP/);
});
