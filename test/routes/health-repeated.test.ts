import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGoogle, startGoogle } from "../../src/sandbox/google/google.ts";
import { googleAccess, tokenAccess, tokenRule, userRule } from "../service/access.ts";
import { type Application, type ApplicationOptions, startApplication } from "../service/application.ts";
import { countRead, keepAlive, type RawAnswer } from "../service/keep-alive.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";

const environment = await useEnvironment({ dependencies: ["redis"] });
const redis = environment.dependencies.get("redis")!;
const env = { REDIS_URL: redis.url() };

const request = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", ...lines, "", ""].join("\r\n");
const HEALTH = request("/health/database");

/** Without what the time of day decides. */
const timeless = ({ head, body }: RawAnswer): unknown => ({
  head: head.filter((line) => !/^(?:date|age|content-length|ratelimit):/i.test(line)),
  body: body.replaceAll(/"(ageMs|observedValue|time)":("[^"]*"|[\d.]+)/g, '"$1":0'),
});

const running: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(running.map((each) => each.close())));

async function started(options: Omit<ApplicationOptions, "env">): Promise<Application> {
  const application = await startApplication({ env, ...options });
  running.push(application);
  await eventually(() => application.services.views.all.read().status === "pass");
  return application;
}
const open = await started({});

describe("a health question that comes again on its connection", () => {
  test.each([
    ["as JSON", "/health", []],
    ["as health+json", "/health/redis", ["Accept: application/health+json"]],
    ["failing on a warning", "/health/database?fail_on=warn", []],
    ["with the ETag of something else", "/health/database", ['If-None-Match: "else"']],
    ["with an ETag that matches", "/health/database", ["If-None-Match: *"]],
  ])("%s is answered unread as it is read", async (_form, path, lines) => {
    const client = await keepAlive(open.port);
    const bytes = request(path, ...lines);
    const read = countRead();
    const answers: RawAnswer[] = [];
    for (let turn = 0; turn < 6; turn += 1) answers.push(await client.ask(bytes));
    expect(read()).toBe(3);
    expect(answers.map(timeless)).toEqual(answers.map(() => timeless(answers[0]!)));
    expect(answers[0]?.status).toBe(lines[0]?.endsWith("*") === true ? 304 : 200);
    expect(answers[5]?.head.some((line) => /^Date: \w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/.test(line))).toBe(
      true,
    );
  });

  test("says at once what has changed, there and back", async () => {
    const client = await keepAlive(open.port);
    for (let turn = 0; turn < 4; turn += 1) await client.ask(HEALTH);
    const read = countRead();
    await redis.setMode("refuse");
    const down = await eventually(async () => {
      const answer = await client.ask(HEALTH);
      expect(answer.status).toBe(503);
      return answer;
    });
    expect(down.body).toContain("CONNECT_REFUSED");
    expect(down.head.join("\n")).toMatch(/^retry-after: \d+$/m);
    await redis.setMode("none");
    await eventually(async () => (await client.ask(HEALTH)).status === 200, { deadlineMs: 15_000 });
    expect(read()).toBe(0);
  });

  test("makes the servers work each time where it asks for that", async () => {
    const client = await keepAlive(open.port);
    const read = countRead();
    const statuses: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      statuses.push((await client.ask(request("/health/redis?fresh=1"))).status);
    }
    expect(statuses.slice(1)).toEqual([429, 429]);
    expect(read()).toBe(3);
  });

  test("is told that the connection ends when the service stops, and nothing after that", async () => {
    const application = await started({});
    const client = await keepAlive(application.port);
    for (let turn = 0; turn < 4; turn += 1) await client.ask(HEALTH);
    const closed = application.close();
    const last = await client.ask(HEALTH).catch(() => undefined);
    if (last !== undefined) expect(last.head.join("\n")).toMatch(/^connection: close$/im);
    await closed;
  });
});

const TOKEN = "canary-again-0123456789abcdef";
const guarded = (token: string): string => request("/health/database", `Authorization: Bearer ${token}`);

describe("with a token", () => {
  test("each one counts, and one too many is refused", async () => {
    const clock = { at: Date.now(), now: () => clock.at, monotonic: () => performance.now() };
    const access = tokenAccess({
      rules: [tokenRule("ci", TOKEN)],
      limits: { perPrincipal: 4, perAddress: 100 },
    });
    const { port } = await started({ access, clock });
    const client = await keepAlive(port);
    const read = countRead();
    const left: string[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const { status, head } = await client.ask(guarded(TOKEN));
      expect(status).toBe(200);
      left.push(head.find((line) => line.startsWith("ratelimit:")) ?? "");
    }
    expect(left).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((rest) => `ratelimit: "principal";r=${rest};t=1`));
    expect(read()).toBe(3);
    const refused = await client.ask(guarded(TOKEN));
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "RATE_LIMITED" });
    clock.at += 250;
    expect((await client.ask(guarded(TOKEN))).status).toBe(200);
    expect((await client.ask(guarded(TOKEN))).status).toBe(429);
  });

  test("of somebody else, or none, it is another question", async () => {
    const { port } = await started({
      access: tokenAccess({ public: "verdict", rules: [tokenRule("ci", TOKEN)] }),
    });
    const client = await keepAlive(port);
    for (let turn = 0; turn < 3; turn += 1) expect((await client.ask(guarded(TOKEN))).status).toBe(200);
    expect((await client.ask(HEALTH)).body).toBe('{"status":"pass"}');
    expect((await client.ask(guarded(`${TOKEN}x`))).status).toBe(401);
    expect((await client.ask(guarded(TOKEN))).body).toContain("redis:responseTime");
  });

  describe("that ends", () => {
    let google: FakeGoogle;
    beforeAll(async () => {
      google = await startGoogle();
      running.push(google);
    });

    test("it is admitted until then, and refused from then on", async () => {
      const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() };
      const access = googleAccess(google, { rules: [userRule("ann@example.com")] });
      const { port } = await started({ access, clock });
      const token = await google.mintIdToken({
        aud: "https://greenlight.example",
        email: "ann@example.com",
        email_verified: true,
        exp: Math.floor(Date.now() / 1000) + 120,
      });
      const client = await keepAlive(port);
      const read = countRead();
      for (let turn = 0; turn < 6; turn += 1) {
        expect((await client.ask(guarded(token))).status).toBe(200);
      }
      expect(read()).toBeLessThan(5);
      clock.ahead = 200_000;
      const refused = await client.ask(guarded(token));
      expect(refused.status).toBe(401);
      expect(refused.body).toContain("TOKEN_EXPIRED");
    });
  });
});
