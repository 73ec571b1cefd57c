import { describe, expect, test } from "vitest";
import { createRedact } from "../../../services/redact.ts";
import { createVerify } from "../../../services/remediation/verify.ts";
import type { VerifierCall } from "../../../services/remediation/verifier.ts";
import { createHttpVerifier } from "../../../src/remediation/http-verifier.ts";
import { startHttp } from "../../support/listeners.ts";

const { signal } = new AbortController();
const redact = createRedact(["canary-7d2"]);

function verifier(asks: "person" | "service" = "person", env: Readonly<Record<string, string>> = {}) {
  const http = createHttpVerifier({ dependencies: [], env, asks });
  return createVerify({ http, redact });
}

const verify = verifier();
const call = (url: string, more: object = {}): VerifierCall => ({ kind: "http", url, ...more });

/** Answers by path: `/204` with that status; `/json` with a document. */
const startServer = () =>
  startHttp((request, answer) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/json")
      answer.end(JSON.stringify({ status: "pass", checks: [{ n: 1 }], secret: "canary-7d2" }));
    else if (pathname === "/text") answer.end("not JSON");
    else if (pathname === "/hang") answer.write("…");
    else if (pathname === "/large") answer.end("x".repeat(300 * 1024));
    else if (pathname === "/moved") answer.writeHead(302, { location: `/json?token=canary-7d2` }).end();
    else answer.writeHead(Number(pathname.slice(1)) || 200, { "x-method": request.method }).end();
  });

describe("http as a check", () => {
  test("200 is wanted unless another status is, and members are compared by pointer", async () => {
    const { port } = await startServer();
    const at = `http://127.0.0.1:${port}`;
    expect(await verify(call(at), signal)).toEqual({ kind: "held", evidence: `GET ${at}/ answers 200` });
    expect(await verify(call(`${at}/204`, { method: "HEAD", status: 204 }), signal)).toEqual({
      kind: "held",
      evidence: `HEAD ${at}/204 answers 204`,
    });
    expect(
      await verify(call(`${at}/json`, { equals: { "/status": "pass", "/checks/0": { n: 1 } } }), signal),
    ).toEqual({
      kind: "held",
      evidence: `GET ${at}/json answers 200: /status is "pass", /checks/0 is an object`,
    });
  });

  test("what time may bring is pending, and what it will not is broken", async () => {
    const { port, kill } = await startServer();
    const at = `http://127.0.0.1:${port}`;
    for (const status of [500, 502, 503, 404, 429])
      expect(await verify(call(`${at}/${status}`), signal)).toEqual({
        kind: "pending",
        because: `GET ${at}/${status}: expected 200, found ${status}`,
      });
    for (const status of [400, 401, 403, 405])
      expect(await verify(call(`${at}/${status}`), signal)).toMatchObject({ kind: "broken" });
    expect(await verify(call(`${at}/json`, { equals: { "/status": "fail" } }), signal)).toEqual({
      kind: "pending",
      because: `GET ${at}/json: expected "fail" at /status, found "pass"`,
    });
    expect(await verify(call(`${at}/json`, { equals: { "/none": 1 } }), signal)).toMatchObject({
      because: expect.stringContaining("found nothing") as string,
    });
    expect(await verify(call(`${at}/text`, { equals: { "/a": 1 } }), signal)).toMatchObject({
      kind: "broken",
    });
    await kill();
    expect(await verify(call(at), signal)).toMatchObject({
      kind: "pending",
      because: expect.stringContaining("CONNECT_REFUSED") as string,
    });
  });

  test("a redirect is not followed and shows where it leads, without what is in its query", async () => {
    const { port, accepted } = await startServer();
    const found = await verify(call(`http://127.0.0.1:${port}/moved`), signal);
    expect(found).toEqual({
      kind: "broken",
      evidence: `GET http://127.0.0.1:${port}/moved: expected 200, found 302 to http://127.0.0.1:${port}`,
    });
    expect(accepted()).toBe(1);
  });

  test("neither a secret in the answer nor one in the address is told", async () => {
    const { port } = await startServer();
    const url = `http://127.0.0.1:${port}/json?key=canary-7d2`;
    for (const equals of [{ "/secret": "x" }, { "/secret": "canary-7d2" }])
      expect(JSON.stringify(await verify(call(url, { equals }), signal))).not.toContain("canary");
  });

  test("an answer that is too large is broken, and one that never ends ends with the signal", async () => {
    const { port, sockets } = await startServer();
    expect(await verify(call(`http://127.0.0.1:${port}/large`), signal)).toMatchObject({
      kind: "broken",
      evidence: expect.stringContaining("ANSWER_TOO_LARGE") as string,
    });
    const aborter = new AbortController();
    const running = verify(call(`http://127.0.0.1:${port}/hang`), aborter.signal);
    await expect.poll(() => sockets.size).toBeGreaterThan(0);
    aborter.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });
});

describe("where it may ask", () => {
  test.each([
    "http://169.254.169.254/computeMetadata/v1/",
    "http://metadata.google.internal/",
    "http://[fe80::1]/",
  ])("nobody asks %s", async (url) => {
    for (const asks of ["person", "service"] as const)
      expect((await verifier(asks)(call(url), signal)).kind).toMatch(/^(?:broken|unknown)$/);
  });

  test("a service asks its own machine and configured hosts alone; a person asks where they want", async () => {
    const elsewhere = "http://no-such-host.invalid/";
    expect(await verifier("service")(call(elsewhere), signal)).toEqual({
      kind: "unknown",
      because: `GET ${elsewhere} is not asked: a service asks no other hosts than its own and those of its configuration, and no-such-host.invalid is none`,
    });
    const known = verifier("service", { GREENLIGHT_URL: elsewhere });
    for (const each of [known, verify])
      expect(JSON.stringify(await each(call(elsewhere), signal))).toMatch(/DNS_/);
    const { port } = await startServer();
    expect(await verifier("service")(call(`http://localhost:${port}/`), signal)).toMatchObject({
      kind: "held",
    });
  });

  test("other schemes and credentials are refused", async () => {
    for (const url of ["file:///etc/passwd", "http://app:canary-7d2@127.0.0.1/", "nonsense"]) {
      const found = await verify(call(url), signal);
      expect(found.kind).toBe("unknown");
      expect(JSON.stringify(found)).not.toContain("canary");
    }
  });
});
