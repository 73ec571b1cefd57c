import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { systemClock } from "../../services/clock.ts";
import { createObserver } from "../../services/probe/observer.ts";
import type { FaultMode } from "../../src/sandbox/fault-modes.ts";
import { type FaultProxy, startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { makeCertificates } from "../support/certificates.ts";
import { dependencyFor, diagnose, type Diagnosis, expectCause, type Given } from "../support/diagnose.ts";
import { type Listener, startHttp, startTcp } from "../support/listeners.ts";
import { eventually } from "../support/wait.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());
const { ca, valid, expired, wrongHost, selfSigned } = certificates;

const ok: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "x-revision": "7" });
  response.end(JSON.stringify({ status: "UP", checks: [{ name: "db", ready: true }] }));
};
const urlOf = ({ port }: { port: number }, scheme = "http"): string => `${scheme}://127.0.0.1:${port}/health`;

async function proxied(serve = ok): Promise<{ server: Listener; proxy: FaultProxy; url: string }> {
  const server = await startHttp(serve);
  const proxy = await startFaultProxy({ upstream: { host: "127.0.0.1", port: server.port } });
  onTestFinished(() => proxy.close());
  return { server, proxy, url: urlOf(proxy) };
}

/** Both the ladder and one observation name `code`. */
async function seen(code: CauseCode, given: Given<"http">, observed: CauseCode = code): Promise<Diagnosis> {
  const diagnosis = await diagnose("http", given);
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(observed);
  return diagnosis;
}
const messageOf = ({ ladder }: Diagnosis): string => ladder.cause?.message ?? "";
async function healthy(given: Given<"http">): Promise<Diagnosis> {
  const diagnosis = await diagnose("http", given);
  expect(diagnosis.ladder.cause).toBeUndefined();
  expect(diagnosis.ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  expect(diagnosis.observed).toBeUndefined();
  return diagnosis;
}
/** Answers with this status, these headers and this body. */
const answering =
  (status: number, headers: Record<string, string> = {}, body = ""): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

test("a cache on the way is asked not to answer for a service that is gone", async () => {
  let gone = false;
  const { url } = await proxied(({ headers }, response) => {
    const mayKeep = headers["cache-control"] !== "no-cache";
    response.writeHead(gone && !mayKeep ? 502 : 200).end();
  });
  await healthy({ url });
  gone = true;
  await seen("HTTP_STATUS", { url });
});

describe("a healthy HTTP service", () => {
  test("passes all rungs, with its expectations", async () => {
    const { url } = await proxied();
    await healthy({ url });
    await healthy({
      url,
      status: [200, 204],
      headers: [{ name: "X-Revision", equals: "7" }, { name: "content-type" }],
      json: [
        { pointer: "/status", equals: "UP" },
        { pointer: "/checks/0/ready", equals: true },
        { pointer: "" },
      ],
    });
  });

  test("is asked once in each observation, with the login of the URL, which is not shown", async () => {
    const requests: (string | undefined)[] = [];
    const { url } = await proxied((request, response) => {
      requests.push(request.headers.authorization);
      ok(request, response);
    });
    const withLogin = url.replace("//", "//me:canary-http-82d1@");
    const { text } = await healthy({ url: withLogin, json: [{ pointer: "/status" }] });
    expect(text).not.toContain("me:");
    expect(requests).toEqual(Array.from({ length: 2 }, () => `Basic ${btoa("me:canary-http-82d1")}`));
  });

  test("passes where it ends each connection, and over TLS", async () => {
    await healthy({ url: urlOf(await startHttp(answering(200, { connection: "close" }))) });
    const server = await startHttp(ok, { certificate: valid });
    await healthy({ url: urlOf(server, "https"), tls: { mode: "verify-full", ca: ca.cert } });
  });

  test("passes although it ends idle connections all the time", async () => {
    const { server, ...listener } = await startHttp(ok);
    const dependency = await dependencyFor("http", { url: urlOf(listener) });
    let lost = 0;
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => (lost += 1) });
    onTestFinished(() => observer.close());
    for (let count = 0; count < 5; count += 1) {
      expect(await observer.observe(new AbortController().signal)).toMatchObject({ status: "pass" });
      server.closeIdleConnections();
      // One connection more looks whether the server is there, and ends.
      await eventually(() => listener.accepted() === 2 * (count + 1) && listener.sockets.size === 0);
    }
    expect(lost).toBe(0);
  });
});

describe("the status", () => {
  test.each([500, 503, 404, 401, 403, 204, 304])("%i is HTTP_STATUS when 200 is expected", async (status) => {
    const { url } = await proxied(answering(status));
    expect(messageOf(await seen("HTTP_STATUS", { url, status: [200] }))).toBe(
      `expected 200, found ${status}`,
    );
  });

  test("503 is HTTP_STATUS by default, at the rung query, and its connection is kept", async () => {
    const { url, server } = await proxied(answering(503, {}, "canary-body-1f"));
    const diagnosis = await seen("HTTP_STATUS", { url });
    expect(messageOf(diagnosis)).toBe("expected 200 to 299, found 503");
    expect(diagnosis.ladder.cause?.rung).toBe("query");
    expect(diagnosis.text).not.toContain("canary-body");
    const before = server.accepted();
    const observer = createObserver({
      dependency: await dependencyFor("http", { url }),
      clock: systemClock,
      onLost: () => undefined,
    });
    onTestFinished(() => observer.close());
    for (let count = 0; count < 3; count += 1) await observer.observe(new AbortController().signal);
    expect(server.accepted() - before).toBe(1);
  });

  test("of a redirect is HTTP_REDIRECTED with the origin alone, and nothing arrives there", async () => {
    const elsewhere = await startHttp(ok);
    const location = `http://127.0.0.1:${elsewhere.port}/login?token=canary-location-3`;
    const { url } = await proxied(answering(302, { location }));
    const diagnosis = await seen("HTTP_REDIRECTED", { url });
    expect(messageOf(diagnosis)).toBe(`expected 200 to 299, found 302 to http://127.0.0.1:${elsewhere.port}`);
    expect(diagnosis.text).not.toContain("canary");
    expect(elsewhere.accepted()).toBe(0);
  });

  test("of a redirect to the metadata server is HTTP_REDIRECTED, and is not followed", async () => {
    const { url } = await proxied(
      answering(301, { location: "http://169.254.169.254/computeMetadata/v1/?recursive=true" }),
    );
    const diagnosis = await seen("HTTP_REDIRECTED", { url });
    expect(messageOf(diagnosis)).toBe("expected 200 to 299, found 301 to http://169.254.169.254");
  });
});

describe("the answer", () => {
  test("without an expected header is HEADER_MISMATCH", async () => {
    const { url } = await proxied();
    const other = await seen("HEADER_MISMATCH", { url, headers: [{ name: "x-revision", equals: "8" }] });
    expect(messageOf(other)).toBe('header x-revision: expected "8", found "7"');
    await seen("HEADER_MISMATCH", { url, headers: [{ name: "x-none" }] });
  });

  test("without an expected member is JSON_MISMATCH, which names pointer, expected and found", async () => {
    const { url } = await proxied(answering(200, {}, '{"status":"DOWN","password":"canary-json-5e"}'));
    const { ladder } = await seen("JSON_MISMATCH", { url, json: [{ pointer: "/status", equals: "UP" }] });
    expect(ladder.cause).toMatchObject({ rung: "assert", message: '/status: expected "UP", found "DOWN"' });
    await seen("JSON_MISMATCH", { url, json: [{ pointer: "/status/0" }] });
    const { text } = await seen("JSON_MISMATCH", { url, json: [{ pointer: "/password", equals: "x" }] });
    expect(text).not.toContain("canary-json");
  });

  test("that repeats a key of the URL does not show it", async () => {
    const { url } = await proxied((request, response) =>
      response.end(JSON.stringify({ asked: request.url })),
    );
    const { text } = await seen("JSON_MISMATCH", {
      url: `${url}?key=canary-key-77a2`,
      json: [{ pointer: "/asked", equals: "/" }],
    });
    expect(text).not.toContain("canary-key");
  });

  test("that is no JSON is JSON_MISMATCH where a member is expected", async () => {
    const { url } = await proxied(answering(200, { "content-type": "text/html" }, "<html>canary-page"));
    const diagnosis = await seen("JSON_MISMATCH", { url, json: [{ pointer: "" }] });
    expect(messageOf(diagnosis)).toBe("expected a JSON body, found 17 characters of text/html");
    await healthy({ url });
  });

  test("without an end is ANSWER_TOO_LARGE", async () => {
    const { url } = await proxied((_request, response) => {
      const pump = (): void => {
        if (!response.destroyed) response.write("x".repeat(65_536), pump);
      };
      pump();
    });
    await seen("ANSWER_TOO_LARGE", { url });
  });

  test("that never comes is QUERY_TIMEOUT, and its sockets are ended", async () => {
    const { url, server, proxy } = await proxied(() => undefined);
    await seen("QUERY_TIMEOUT", { url });
    await eventually(() => server.sockets.size === 0 && proxy.connections() === 0);
  });

  test("that ends in the middle is CONNECTION_CLOSED", async () => {
    const { url } = await proxied((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("abc", () => response.destroy());
    });
    await seen("CONNECTION_CLOSED", { url });
  });
});

describe("the network", () => {
  test.each<[FaultMode, CauseCode]>([
    ["refuse", "CONNECT_REFUSED"],
    ["blackhole", "QUERY_TIMEOUT"],
    ["drip", "QUERY_TIMEOUT"],
    ["garbage", "PROTOCOL_MISMATCH"],
    ["reset", "CONNECT_RESET"],
  ])("that does %s is %s", async (mode, code) => {
    const { proxy, url } = await proxied();
    await proxy.setMode(mode);
    await seen(code, { url });
  });

  test("that falls silent under a kept connection is noticed by the second try, which passes", async () => {
    const { proxy, url } = await proxied();
    const dependency = await dependencyFor("http", { url });
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
    onTestFinished(() => observer.close());
    const { signal } = new AbortController();
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    await proxy.setMode("blackhole-established");
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
  });

  test("is told of a server that was killed, and its sockets are gone", async () => {
    const { server, url } = await proxied();
    const dependency = await dependencyFor("http", { url });
    let lost = 0;
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => (lost += 1) });
    onTestFinished(() => observer.close());
    const { signal } = new AbortController();
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    await server.kill();
    await eventually(() => lost === 1);
    expect(await observer.observe(signal)).toMatchObject({ cause: { code: "CONNECT_REFUSED" } });
    expect(server.sockets.size).toBe(0);
  });

  test("with a server that hangs up is CONNECTION_CLOSED", async () => {
    const server = await startTcp((socket) => void socket.once("data", () => socket.end()));
    await seen("CONNECTION_CLOSED", { url: urlOf(server) });
  });

  test("with another server than HTTP is PROTOCOL_MISMATCH", async () => {
    const server = await startTcp((socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    await seen("PROTOCOL_MISMATCH", { url: urlOf(server) });
  });

  test("with the server on the other loopback address is ADDRESS_FAMILY_MISMATCH", async () => {
    const { port } = await startHttp(ok);
    await seen("ADDRESS_FAMILY_MISMATCH", { url: `http://[::1]:${port}/` }, "CONNECT_REFUSED");
  });
});

describe("TLS", () => {
  const tls = { mode: "verify-full", ca: ca.cert } as const;
  test.each<[string, typeof valid, CauseCode]>([
    ["expired", expired, "TLS_CERT_EXPIRED"],
    ["self-signed", selfSigned, "TLS_CERT_UNTRUSTED"],
    ["for another host", wrongHost, "TLS_HOST_MISMATCH"],
  ])("with a certificate that is %s is named at the rung secure", async (_name, certificate, code) => {
    const url = urlOf(await startHttp(ok, { certificate }), "https");
    const { ladder } = await seen(code, { url, tls });
    expect(ladder.cause?.rung).toBe("secure");
    await healthy({ url, tls: { mode: "no-verify" } });
  });

  test("is verified when nothing is said, and when it is said to be off", async () => {
    const url = urlOf(await startHttp(ok, { certificate: valid }), "https");
    await seen("TLS_CERT_UNTRUSTED", { url });
    await seen("TLS_CERT_UNTRUSTED", { url, tls: { mode: "off" } });
  });

  test("asked for at a plain port is TLS_NOT_SUPPORTED", async () => {
    await seen("TLS_NOT_SUPPORTED", { url: urlOf(await startHttp(ok), "https"), tls });
  });

  test("at a port that is asked in plain HTTP is TLS_REQUIRED, whether it hangs up or explains", async () => {
    await seen("TLS_REQUIRED", { url: urlOf(await startHttp(ok, { certificate: valid })) });
    // Web servers recognise the mistake and answer 400 in clear text.
    const secure = await startHttp(ok, { certificate: valid });
    const sniffing = await startSniffing(secure.port);
    await seen("TLS_REQUIRED", { url: urlOf(sniffing) });
  });
});

/** Answers 400 to plain HTTP and hands everything else to `securePort`. */
async function startSniffing(securePort: number): Promise<Listener> {
  return startTcp((socket) => {
    socket.once("data", (bytes) => {
      if (bytes[0] === 0x16) {
        const upstream = connect(securePort, "127.0.0.1").on("error", () => undefined);
        socket.once("close", () => upstream.destroy());
        upstream.write(bytes);
        upstream.pipe(socket).pipe(upstream);
      } else socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    });
  });
}
