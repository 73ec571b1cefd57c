import { fastify } from "fastify";
import { expect, test } from "vitest";
import { createErrorHandler, errorsPlugin } from "../../src/plugins/errors.ts";

const ignore = createErrorHandler(() => undefined);

test("what an internal error says is reported, and never shown", async () => {
  const app = fastify();
  const reported: string[] = [];
  errorsPlugin(
    app,
    createErrorHandler(
      (error, { method, route }) =>
        void reported.push(`${String(method)} ${String(route)}: ${error.message}`),
    ),
  );
  app.get("/broken", () => {
    throw new Error("connect to 10.0.0.7 as app with hunter2 failed");
  });
  const answer = await app.inject("/broken");
  expect(answer.statusCode).toBe(500);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(answer.json()).toMatchObject({
    status: 500,
    code: "INTERNAL",
    detail: expect.stringContaining("log"),
  });
  expect(answer.body).not.toMatch(/hunter2|10\.0\.0\.7|at /);
  expect(reported).toEqual(["GET /broken: connect to 10.0.0.7 as app with hunter2 failed"]);
  await app.close();
});

test("an error with a status of its own keeps it and its code", async () => {
  const app = fastify();
  app.setErrorHandler(ignore);
  app.get("/full", () => {
    throw Object.assign(new Error("too many"), { statusCode: 429, code: "FULL" });
  });
  expect((await app.inject("/full")).json()).toMatchObject({ status: 429, code: "FULL", detail: "too many" });
  await app.close();
});

test("a path with a star names its methods for any path under it", async () => {
  const app = fastify();
  errorsPlugin(app, ignore);
  app.get("/files/*", () => "");
  const answer = await app.inject({ method: "DELETE", url: "/files/a/b" });
  expect({ status: answer.statusCode, allow: answer.headers.allow }).toEqual({
    status: 405,
    allow: "GET, HEAD",
  });
  await app.close();
});
