import { beforeEach, afterEach, expect, test, describe } from "vitest";
import { buildApp } from "../../src/app.ts";
import { createServices } from "../../src/services.ts";
import { systemClock } from "../../services/clock.ts";
import { platformAccess, userRule } from "../service/access.ts";
import { type Application, configFor, startApplication } from "../service/application.ts";
import { type Answer, ask } from "../service/ask.ts";

const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
const access = platformAccess({ rules: [userRule("ann@example.com")], public: "verdict" });

const alarms: string[] = [];
let application: Application;
beforeEach(async () => {
  alarms.length = 0;
  application = await startApplication({
    env,
    observe: false,
    access,
    onCloudRun: true,
    onAlarm: (message) => void alarms.push(message),
  });
});
afterEach(() => application.close());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = (): number => Math.floor(Date.now() / 1000);

function stripped(claims: object = {}, signature = "SIGNATURE_REMOVED_BY_GOOGLE"): string {
  const payload = {
    iss: "https://accounts.google.com",
    email: "ann@example.com",
    email_verified: true,
    iat: now(),
    exp: now() + 3600,
    ...claims,
  };
  return `Bearer ${encode({ alg: "RS256", kid: "k" })}.${encode(payload)}.${signature}`;
}

const send = (headers: Record<string, string>): Promise<Answer> =>
  ask(`${application.url}/metrics`, { headers });

test("a token that the platform has checked is believed, in either header", async () => {
  expect((await send({ authorization: stripped() })).status).toBe(200);
  expect((await send({ "x-serverless-authorization": stripped() })).status).toBe(200);
});

test("where both headers are there, the platform has looked at X-Serverless-Authorization alone", async () => {
  const answer = await send({
    authorization: stripped(),
    "x-serverless-authorization": stripped({ email: "eve@example.com" }),
  });
  expect(answer.body.code).toBe("PRINCIPAL_NOT_ALLOWED");
});

test.each<[string, number, string, string]>([
  ["with a signature", 401, "TOKEN_SIGNED", stripped({}, "c2lnbmF0dXJl")],
  ["with an empty signature", 401, "TOKEN_SIGNED", stripped({}, "")],
  ["with a longer signature", 401, "TOKEN_SIGNED", stripped({}, "SIGNATURE_REMOVED_BY_GOOGLEx")],
  ["expired", 401, "TOKEN_EXPIRED", stripped({ exp: now() - 60 })],
  ["without an end", 401, "TOKEN_EXPIRED", stripped({ exp: undefined })],
  ["from another issuer", 401, "TOKEN_ISSUER", stripped({ iss: "https://evil.example" })],
  ["without a verified address", 401, "EMAIL_UNVERIFIED", stripped({ email_verified: false })],
  ["of somebody else", 403, "PRINCIPAL_NOT_ALLOWED", stripped({ email: "eve@example.com" })],
  ["that is opaque", 401, "TOKEN_MALFORMED", "Bearer ya29.canary-opaque-token"],
])("a token %s is refused: %i %s", async (_what, status, code, authorization) => {
  const answer = await send({ authorization });
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.text).not.toContain(authorization.split(".")[1]);
});

test("the answers say that only https leads here", async () => {
  const { headers } = await ask(`${application.url}/health/live`);
  expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}$/);
});

describe("a request without a token", () => {
  test.each(["/health", "/metrics", "/nothing"])(
    "to %s proves that nobody checks: from then on nobody is believed, and it is said once",
    async (path) => {
      expect((await send({ authorization: stripped() })).status).toBe(200);
      for (const url of [path, "/health", "/health/redis"]) {
        const answer = await ask(`${application.url}${url}`);
        expect({ status: answer.status, code: answer.body.code }).toEqual({
          status: 403,
          code: "PLATFORM_NOT_CHECKING",
        });
        expect(answer.body).toMatchObject({ run: expect.stringContaining("--member=allUsers") });
      }
      expect((await send({ authorization: stripped() })).body.code).toBe("PLATFORM_NOT_CHECKING");
      expect(alarms).toHaveLength(1);
    },
  );

  test.each(["live", "ready", "startup"])("to /health/%s proves nothing", async (name) => {
    expect((await ask(`${application.url}/health/${name}`)).status).toBe(200);
    expect((await send({ authorization: stripped() })).status).toBe(200);
    expect(alarms).toEqual([]);
  });
});

test("outside Cloud Run the mode is refused before anything listens", async () => {
  const services = createServices({ config: await configFor(env), clock: systemClock, version: "0" });
  await expect(buildApp(services, { access })).rejects.toMatchObject({ code: "ACCESS_PLATFORM" });
  await services.close();
});
