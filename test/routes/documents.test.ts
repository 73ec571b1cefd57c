import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { useApplication } from "../service/application.ts";
import { ask, askQuickly } from "../service/ask.ts";

const { url } = await useApplication({
  env: {
    DATABASE_URL: "postgres://127.0.0.1:1/x",
    CLICKHOUSE_URL: "http://127.0.0.1:1/x",
    REDIS_URL: "redis://127.0.0.1:1/0",
  },
  observe: false,
});

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; schema: object }[];
  readonly responses: Readonly<
    Record<string, { description?: string; content?: Record<string, { schema: object }> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const document = (await ask(`${url}/openapi.json`)).body as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("/openapi.json", () => {
  test("is OpenAPI 3.1 with a title and the version of the service", async () => {
    const answer = await askQuickly(`${url}/openapi.json`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Greenlight", version: "0.0.0-test" },
    });
  });

  test("has every public path, and none of the internal ones", () => {
    expect(Object.keys(document.paths).toSorted()).toEqual([
      "/",
      "/context",
      "/events",
      "/findings",
      "/gate",
      "/gate/all",
      "/gate/database",
      "/gate/{suite}/hold",
      "/gate/{suite}/lease",
      "/gate/{suite}/lease/{id}",
      "/health",
      "/health/clickhouse",
      "/health/database",
      "/health/live",
      "/health/postgres",
      "/health/ready",
      "/health/redis",
      "/health/startup",
      "/incidents",
      "/metrics",
      "/remediation/plans",
      "/remediation/plans/{id}",
      "/remediation/runs",
      "/remediation/runs/{id}",
      "/remediation/runs/{id}/resume",
      "/remediation/runs/{id}/rollback",
      "/why/all",
      "/why/clickhouse",
      "/why/database",
      "/why/postgres",
      "/why/redis",
    ]);
  });

  test.each(operations)(
    "$method $path has a summary, a known tag and described answers",
    ({ method, operation }) => {
      expect(method).toMatch(/^(?:get|post|put|delete)$/);
      expect(operation.summary).toMatch(/^\S.{5,}/);
      const tags = document.tags.map(({ name }) => name);
      for (const tag of operation.tags ?? ["none"]) expect(tags).toContain(tag);
      expect(Object.keys(operation.responses).filter((status) => status < "300")).not.toEqual([]);
      for (const [status, { description }] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(typeof description, "OpenAPI demands a description").toBe("string");
      }
    },
  );

  test("every schema in it is JSON Schema 2020-12 that compiles", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const parameters = operations.flatMap(({ operation }) => operation.parameters ?? []);
    const answers = operations.flatMap(({ operation }) => Object.values(operation.responses));
    const contents = answers.flatMap(({ content }) => Object.values(content ?? {}));
    const schemas = [parameters, contents].flat().map(({ schema }) => schema);
    expect(schemas.length).toBeGreaterThan(20);
    for (const schema of schemas) expect(() => ajv.compile(schema), JSON.stringify(schema)).not.toThrow();
  });

  test("what the service answers fits the schema that the document promises", async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const path of [
      "/health",
      "/health/redis",
      "/health/live",
      "/health/startup",
      "/health/mysql",
      "/health?fail_on=x",
    ]) {
      const answer = await ask(`${url}${path}`);
      const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
      const described = document.paths[path] ?? document.paths["/health"] ?? {};
      const status = answer.status === 404 ? "400" : String(answer.status);
      const schema = described.get?.responses[status]?.content?.[type]?.schema;
      expect(schema, `${path} ${answer.status} ${type}`).toBeDefined();
      const validate = ajv.compile(schema as object);
      expect(validate(answer.body), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  test("the query parameters of /health are there", () => {
    const names = document.paths["/health"]?.get?.parameters?.map(
      ({ name, in: place }) => `${place}:${name}`,
    );
    expect(names).toEqual(["query:fail_on", "query:fresh"]);
  });

  test("many callers at once, the first ones too, get the same document", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`${url}/openapi.json`)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe("/docs", () => {
  test("is a page whose scripts, styles and document are served", async () => {
    const page = await ask(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) {
      const asset = await ask(new URL(path, `${url}/docs`).href);
      expect(asset.status, path).toBe(200);
      expect(asset.text.length, path).toBeGreaterThan(0);
    }
    expect((await ask(`${url}/docs/json`)).body).toMatchObject({ openapi: "3.1.0" });
  });

  test("a page of it that does not exist is 404 as a problem", async () => {
    const answer = await ask(`${url}/docs/nothing-here`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  });
});
