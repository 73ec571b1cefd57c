import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { useApplication } from "../service/application.ts";
import { ask, sendBytes } from "../service/ask.ts";

const { url, port } = await useApplication({ env: { REDIS_URL: "redis://127.0.0.1:1/0" }, observe: false });

const FOLDER = "src/dashboard";
const files = readdirSync(FOLDER).filter((name) => !/\.(?:ts|html)$/.test(name));
const page = await ask(`${url}/`);
const as = (accept: string) => ask(`${url}/`, { headers: { accept } });

describe("GET /", () => {
  test("is the page, with a policy that lets it load from here alone", () => {
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy.split("; ").toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
      "trusted-types 'none'",
    ]);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test.each([
    ["*/*", "text/html"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["application/json", "application/json"],
    ["application/*", "application/json"],
    ["text/html;q=0.5, application/json", "application/json"],
    ["application/json;q=0.5, text/*", "text/html"],
    ["application/json;q=x, text/html;q=0.1", "text/html"],
    ["image/png", "text/html"],
  ])("to whoever accepts %s is %s", async (accept, type) => {
    const answer = await as(accept);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain(type);
    expect(answer.headers.get("vary")).toBe("Accept");
  });

  test("as JSON lists the paths, each of which is there", async () => {
    const { links } = (await as("application/json")).body as unknown as { links: Record<string, string> };
    expect(Object.keys(links).length).toBeGreaterThan(10);
    for (const path of Object.values(links).filter((path) => !/\{|events|remediation/.test(path)))
      expect((await ask(`${url}${path}`)).status, path).not.toBe(404);
  });

  test("a page that is known already is 304 with nothing, and HEAD is the same without a body", async () => {
    const etag = page.headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const again = await ask(`${url}/`, { headers: { "if-none-match": known } });
      expect([again.status, again.text], known).toEqual([304, ""]);
    }
    expect((await ask(`${url}/`, { headers: { "if-none-match": '"x"' } })).status).toBe(200);
    const head = await ask(`${url}/`, { method: "HEAD" });
    expect([head.status, head.text, head.headers.get("etag")]).toEqual([200, "", etag]);
    expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(page.text)));
  });

  test("another method is 405 as a problem", async () => {
    const answer = await ask(`${url}/`, { method: "POST" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("the files of the page", () => {
  test.each(files)("%s is served as it is, with type, length and ETag", async (name) => {
    const answer = await ask(`${url}/dashboard/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(readFileSync(`${FOLDER}/${name}`, "utf8"));
    const types: Record<string, string> = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
    expect(answer.headers.get("content-type")).toContain(types[name.split(".")[1] ?? ""]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const etag = answer.headers.get("etag") ?? "";
    const again = await ask(`${url}/dashboard/${name}`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });

  test.each([
    "types.ts",
    "index.html",
    "nothing.js",
    "..%2fapp.ts",
    "%2e%2e%2f%2e%2e%2fpackage.json",
    "..%5cserver.js",
    "main.js%00",
    "MAIN.JS",
    ".js",
    `${"a".repeat(90)}.js`,
  ])("%s is none of them", async (name) => {
    const text = await sendBytes(
      port,
      `GET /dashboard/${name} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(text).toContain("application/problem+json");
  });

  test("every module and file that is named in them is served", async () => {
    const named = new Set<string>();
    const texts = [page.text, ...files.map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"))];
    for (const text of texts) {
      for (const [, name = ""] of text.matchAll(/(?:from|src=|href=) ?"(?:\.|dashboard)\/([^"]+)"/g))
        named.add(name);
    }
    expect(named.size).toBeGreaterThan(15);
    for (const name of named) expect((await ask(`${url}/dashboard/${name}`)).status, name).toBe(200);
    // Nothing is published that nobody loads.
    expect(files.filter((name) => !named.has(name))).toEqual([]);
  });

  test("hold no inline script or style, nothing from elsewhere, and no way from a text to markup", () => {
    expect(page.text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:/i);
    expect(page.text).not.toMatch(/(?:src|href|action)="(?:[a-z]+:|\/)/i);
    for (const name of files) {
      const text = readFileSync(`${FOLDER}/${name}`, "utf8");
      expect(text, name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function|setAttribute\("(?:style|on)|url\(|@import/,
      );
      expect(text.replace("http://www.w3.org/2000/svg", ""), name).not.toMatch(/https?:\/\//);
      expect(text, name).not.toMatch(/(?:local|session)Storage|document\.cookie|indexedDB/);
    }
  });

  test("without scripts the page says which paths to ask", () => {
    const noscript = /<noscript>(.*)<\/noscript>/s.exec(page.text)?.[1] ?? "";
    for (const path of ["/gate", "/health", "/why/", "/docs"]) expect(noscript).toContain(path);
  });
});

test("a request that is given up while it is answered harms nobody", async () => {
  const sent = request(`${url}/`).end();
  sent.on("error", () => undefined);
  await once(sent, "socket");
  sent.destroy();
  expect((await ask(`${url}/`)).status).toBe(200);
});
