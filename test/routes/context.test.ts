import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { bearer, tokenAccess, tokenRule } from "../service/access.ts";
import { startApplication, useApplication } from "../service/application.ts";
import { ask } from "../service/ask.ts";

const env = {
  DATABASE_URL: "postgres://u:canary-7a@127.0.0.1:1/app_prod",
  REDIS_URL: "redis://cache.staging.acme.internal/0",
  GREENLIGHT_ENVIRONMENT: "staging",
  APP_ENV: "canary-7a",
};
const { url } = await useApplication({ env, observe: false });

test("/context tells the environment, who says so, and who says otherwise; no value of a variable", async () => {
  const { status, headers, body, text } = await ask(`${url}/context`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(body).toMatchObject({
    environment: "staging",
    decidedBy: "GREENLIGHT_ENVIRONMENT",
    indicators: { agree: 2, total: 3 },
    contradictions: [{ code: "CONTEXT_PRODUCTION_INDICATED", other: { source: "postgres.database" } }],
    mayWrite: false,
    vetoes: ["postgres.database points at production"],
  });
  expect(text).not.toContain("canary");
});

test("its answer is what the OpenAPI document says", async () => {
  const document = (await ask(`${url}/openapi.json`)).body as unknown as {
    readonly paths: Readonly<
      Record<string, { get: { responses: { 200: { content: Record<string, { schema: object }> } } } }>
    >;
  };
  const schema = document.paths["/context"]?.get.responses[200].content["application/json"]?.schema ?? {};
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(schema, (await ask(`${url}/context`)).body), JSON.stringify(ajv.errors)).toBe(true);
  expect(ajv.validate(schema, {})).toBe(false);
});

test("it takes no query", async () => {
  expect((await ask(`${url}/context?env=test`)).status).toBe(400);
});

test("it needs a reader, also where the verdict is public", async () => {
  const token = "canary-reader-token-0123456789";
  const access = tokenAccess({ rules: [tokenRule("ci", token)], public: "verdict" });
  const guarded = await startApplication({ env, observe: false, access });
  try {
    const refused = await ask(`${guarded.url}/context`);
    expect([refused.status, refused.body.code]).toEqual([401, "TOKEN_MISSING"]);
    const admitted = await ask(`${guarded.url}/context`, bearer(token));
    expect(admitted.body).toMatchObject({ environment: "staging" });
  } finally {
    await guarded.close();
  }
});
