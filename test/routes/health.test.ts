import { beforeEach, describe, expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { useApplication } from "../service/application.ts";
import { type Answer, ask, askQuickly, checkOf } from "../service/ask.ts";
import { found } from "../service/found.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres") as NonNullable<
  ReturnType<typeof environment.dependencies.get>
>;
const redis = environment.dependencies.get("redis") as NonNullable<
  ReturnType<typeof environment.dependencies.get>
>;
const { url } = await useApplication({
  env: {
    DATABASE_URL: postgres.url(),
    REDIS_URL: redis.url(),
    GREENLIGHT_REDIS_REQUIRED: "false",
    GREENLIGHT_ENVIRONMENT: "test-room",
  },
});

const HEALTH_TYPE = "application/health+json; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

async function until(path: string, status: string, name?: string): Promise<Answer> {
  return eventually(
    async () => {
      const answer = await askQuickly(`${url}${path}`);
      const seen = name === undefined ? answer.body.status : checkOf(answer, name).status;
      return seen === status ? answer : Promise.reject(new Error(answer.text));
    },
    { deadlineMs: 15_000 },
  );
}

const timeless = (text: string): string =>
  text.replaceAll(/"(ageMs|observedValue|time)":("[^"]*"|[\d.]+)/g, '"$1":0');

const comparable = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !["date", "connection", "keep-alive"].includes(name)));

beforeEach(async () => {
  await Promise.all([postgres.proxy.setMode("none"), redis.proxy.setMode("none")]);
  await until("/health", "pass");
});

describe("while all pass", () => {
  test.each(["/health", "/health/database", "/health/postgres", "/health/redis"])(
    "GET %s is 200 and pass",
    async (path) => {
      const { status, headers, body, text } = await askQuickly(`${url}${path}`);
      expect(status).toBe(200);
      expect(text.startsWith('{"status":"pass"')).toBe(true);
      expect(body).toMatchObject({
        status: "pass",
        serviceId: "greenlight",
        environment: "test-room",
        version: "0.0.0-test",
        stale: false,
      });
      expect(body).not.toHaveProperty("output");
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(headers.get("vary")).toBe("Accept");
      expect(headers.get("age")).toMatch(/^\d+$/);
      expect(headers.get("etag")).toMatch(/^W\/"[\w-]+"$/);
      expect(headers.get("retry-after")).toBeNull();
    },
  );

  test("the whole names each dependency, in order, with measured time; a single one names itself alone", async () => {
    const { body } = await askQuickly(`${url}/health`);
    expect(Object.keys(body.checks)).toEqual(["postgres:responseTime", "redis:responseTime"]);
    for (const [check] of Object.values(body.checks)) {
      expect(check).toMatchObject({
        componentType: "datastore",
        status: "pass",
        observedUnit: "ms",
        breaker: { state: "closed" },
        stale: false,
      });
      expect(new Date(check?.time ?? "").toISOString()).toBe(check?.time);
    }
    expect(Object.keys((await askQuickly(`${url}/health/redis`)).body.checks)).toEqual([
      "redis:responseTime",
    ]);
  });

  test("Accept chooses between the two media types of the same bytes", async () => {
    const [plain, health, both] = (await Promise.all(
      [undefined, "application/health+json", "text/html, application/health+json;q=0.9"].map((accept) =>
        askQuickly(`${url}/health`, accept === undefined ? {} : { headers: { accept } }),
      ),
    )) as [Answer, Answer, Answer];
    expect(plain.headers.get("content-type")).toBe(JSON_TYPE);
    expect(health.headers.get("content-type")).toBe(HEALTH_TYPE);
    expect(both.headers.get("content-type")).toBe(HEALTH_TYPE);
    expect(plain.headers.get("etag")).toBe(health.headers.get("etag"));
    expect(timeless(health.text)).toBe(timeless(plain.text));
  });

  test("HEAD answers what GET answers, without the body", async () => {
    await eventually(async () => {
      const [got, head] = await Promise.all([
        askQuickly(`${url}/health`),
        askQuickly(`${url}/health`, { method: "HEAD" }),
      ]);
      expect(head.status).toBe(got.status);
      expect(head.text).toBe("");
      expect(comparable(head)).toEqual(comparable(got));
    });
  });

  test.each<[string, (etag: string) => string, number]>([
    ["the same tag is 304", (etag) => etag, 304],
    ["the same tag as a strong one is 304", (etag) => etag.slice(2), 304],
    ["a list that has it is 304", (etag) => `"other", W/"more" , ${etag}`, 304],
    ["a star is 304", () => "*", 304],
    ["another tag is 200", () => '"other"', 200],
    ["a part of the tag is 200", (etag) => `${etag.slice(0, -4)}"`, 200],
    ["nothing is 200", () => "", 200],
  ])("If-None-Match with %s", async (_what, header, expected) => {
    const etag = (await askQuickly(`${url}/health`)).headers.get("etag") ?? "";
    const answer = await askQuickly(`${url}/health`, { headers: { "if-none-match": header(etag) } });
    expect(answer.status).toBe(expected);
    expect(answer.text === "").toBe(expected === 304);
    for (const name of ["etag", "cache-control", "vary", "age"])
      expect(answer.headers.has(name), name).toBe(true);
  });

  test("the ETag stays the same from one observation to the next, and is another one for another set", async () => {
    const first = await askQuickly(`${url}/health/redis`);
    const second = await found(async () => {
      const answer = await askQuickly(`${url}/health/redis`);
      return checkOf(answer, "redis").time === checkOf(first, "redis").time ? false : answer;
    });
    expect(second.headers.get("etag")).toBe(first.headers.get("etag"));
    expect((await askQuickly(`${url}/health/postgres`)).headers.get("etag")).not.toBe(
      first.headers.get("etag"),
    );
  });
});

describe("while the required one is down", () => {
  beforeEach(async () => {
    await postgres.proxy.setMode("refuse");
    await until("/health", "fail");
  });

  test("the whole, its group and it itself are 503 with Retry-After; the other one stays 200", async () => {
    for (const path of ["/health", "/health/database", "/health/postgres"]) {
      const answer = await askQuickly(`${url}${path}`);
      expect(answer.status, path).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(answer.body).toMatchObject({ status: "fail", output: "postgres: CONNECT_REFUSED" });
    }
    expect((await askQuickly(`${url}/health/redis`)).status).toBe(200);
  });

  test("the cause has code, rung, owner and remedies with host and port, and the rungs stop at it", async () => {
    const check = await found(async () => {
      const seen = checkOf(await askQuickly(`${url}/health`), "postgres");
      return seen.rungs === undefined ? false : seen;
    });
    expect(check).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_REFUSED", rung: "connect", retryable: true, owner: "database" },
    });
    expect(check.output).toContain("Nothing listens on that port");
    expect(check.cause?.remedies.join(" ")).toContain(String(postgres.proxy.port));
    expect(check.rungs?.map(({ status }) => status)).toEqual([
      "pass",
      "fail",
      ...Array.from({ length: 5 }, () => "unknown"),
    ]);
  });

  test("a 503 never becomes a 304, whatever If-None-Match says", async () => {
    const etag = (await askQuickly(`${url}/health`)).headers.get("etag") ?? "";
    for (const header of [etag, "*"]) {
      const answer = await askQuickly(`${url}/health`, { headers: { "if-none-match": header } });
      expect(answer.status).toBe(503);
      expect(answer.text).not.toBe("");
    }
  });

  test("HEAD is 503 too, with the same Retry-After and no body", async () => {
    const head = await askQuickly(`${url}/health`, { method: "HEAD" });
    expect({ status: head.status, text: head.text, retry: head.headers.get("retry-after") }).toEqual({
      status: 503,
      text: "",
      retry: "1",
    });
  });
});

describe("while an optional one is down", () => {
  beforeEach(async () => {
    await redis.proxy.setMode("refuse");
    await until("/health", "warn");
  });

  test("the whole is warn with 200, and 503 with ?fail_on=warn", async () => {
    const lenient = await askQuickly(`${url}/health`);
    expect(lenient.status).toBe(200);
    expect(lenient.body).toMatchObject({ status: "warn", output: "redis: CONNECT_REFUSED" });
    const strict = await askQuickly(`${url}/health?fail_on=warn`);
    expect(strict.status).toBe(503);
    expect(strict.headers.has("retry-after")).toBe(true);
    expect(strict.body.status).toBe("warn");
  });

  test("a known ETag makes the 200 a 304, and not the 503 of ?fail_on=warn", async () => {
    const etag = (await until("/health", "warn")).headers.get("etag") ?? "";
    const headers = { "if-none-match": `${etag}, *` };
    expect((await askQuickly(`${url}/health`, { headers })).status).toBe(304);
    expect((await askQuickly(`${url}/health?fail_on=warn`, { headers })).status).toBe(503);
  });

  test("asked about by itself it is warn too: it is not required", async () => {
    const { status, body } = await askQuickly(`${url}/health/redis`);
    expect({ status, verdict: body.status }).toEqual({ status: 200, verdict: "warn" });
  });
});

describe("?fresh=1", () => {
  test("observes now, and a second time within a second is 429 with Retry-After", async () => {
    const before = checkOf(await askQuickly(`${url}/health/redis`), "redis").time ?? "";
    const fresh = await found(async () => {
      const answer = await askQuickly(`${url}/health/redis?fresh=1`);
      return answer.status === 200 ? answer : false;
    });
    expect(checkOf(fresh, "redis").time?.localeCompare(before)).toBe(1);
    const again = await askQuickly(`${url}/health/redis?fresh=1`);
    expect(again.status).toBe(429);
    expect(again.headers.get("retry-after")).toBe("1");
    expect(again.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(again.body.code).toBe("FRESH_TOO_OFTEN");
  });

  test("without it, nobody is limited", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => askQuickly(`${url}/health`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe("names", () => {
  test("an unknown one is 404 with the list of known ones", async () => {
    const { status, headers, body } = await askQuickly(`${url}/health/mysql`);
    expect(status).toBe(404);
    expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ code: "UNKNOWN_DEPENDENCY", known: ["database", "postgres", "redis"] });
    expect(body.detail).toContain("database, postgres, redis");
  });

  test("one that could be configured is 404 and names the variable", async () => {
    const { status, body } = await askQuickly(`${url}/health/clickhouse`);
    expect(status).toBe(404);
    expect(body.code).toBe("NOT_CONFIGURED");
    expect(body.detail).toContain("CLICKHOUSE_URL");
  });

  test.each(["constructor", "__proto__", "toString", "..%2Fhealth", "%00", "x".repeat(90)])(
    "an odd one is 404 too: %s",
    async (name) => {
      const { status, headers } = await ask(`${url}/health/${name}`);
      expect(status).toBe(404);
      expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
    },
  );
});
