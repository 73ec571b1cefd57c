import type { LookupFunction, Socket } from "node:net";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { checkAddress } from "../../../services/net/address-guard.ts";
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  MAX_BODY_BYTES,
} from "../../../services/net/http-request.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { startHttp, startTcp } from "../../support/listeners.ts";
import { eventually, isPendingAfter } from "../../support/wait.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());
const { ca, valid, expired, wrongHost, selfSigned } = certificates;

const clientFor = (options: HttpClientOptions = {}): HttpClient => {
  const client = createHttpClient(options);
  onTestFinished(() => client.close());
  return client;
};
const at = (port: number, path = "/"): URL => new URL(`http://127.0.0.1:${port}${path}`);
const secureAt = (port: number): URL => new URL(`https://127.0.0.1:${port}/`);
/** Bounds each request of these tests; it never aborts in a test that passes. */
const bound = (): AbortSignal => AbortSignal.timeout(10_000);
const get = (client: HttpClient, url: URL, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> =>
  client.request({ url, signal: bound(), ...more });
const failure = async (request: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  request.then(
    () => ({ message: "it was answered" }),
    (error: unknown) => error as { code?: string; message?: string },
  );
/** Answers each request with these bytes and ends the connection. */
const saying =
  (...parts: string[]): Parameters<typeof startTcp>[0] =>
  (socket) =>
    void socket.once("data", () => socket.end(Buffer.from(parts.join(""), "latin1")));

const ask = async (certificate: typeof valid, tls: HttpClientOptions["tls"]): Promise<{ code?: string }> => {
  const { port } = await startHttp((_request, response) => response.end("ok"), { certificate });
  return failure(get(clientFor({ tls }), secureAt(port)));
};

const resolvingTo =
  (address: string): LookupFunction =>
  (_name, { all }, callback) => {
    if (all === true) callback(null, [{ address, family: 4 }]);
    else callback(null, address, 4);
  };

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
/** Counts its requests over all connections, and answers each as `serve` does it. */
const counting = (serve: (socket: Socket, count: number) => void): Parameters<typeof startTcp>[0] => {
  let count = 0;
  return (socket) => void socket.on("data", () => serve(socket, (count += 1)));
};

describe("a request", () => {
  test("carries method, headers, login and body, and reads status, headers and body as UTF-8", async () => {
    const { port } = await startHttp(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { method, url, headers } = request;
      response
        .writeHead(418, { "x-answer": "yes" })
        .end(JSON.stringify({ method, url, headers, body, ü: "é" }));
    });
    const url = new URL(`http://me:canary-secret@127.0.0.1:${port}/path?a=b`);
    const answer = await get(clientFor(), url, { method: "POST", headers: { "x-a": "1" }, body: "é" });
    expect(answer).toMatchObject({ status: 418, headers: { "x-answer": "yes" } });
    expect(JSON.parse(answer.body)).toMatchObject({
      method: "POST",
      url: "/path?a=b",
      body: "é",
      ü: "é",
      headers: {
        "user-agent": "greenlight",
        "accept-encoding": "identity",
        "x-a": "1",
        "content-length": "2",
        authorization: `Basic ${btoa("me:canary-secret")}`,
      },
    });
  });

  test("follows no redirect: the answer is the redirect, and nothing arrives where it leads", async () => {
    let asked = 0;
    const other = await startHttp((_request, response) => {
      asked += 1;
      response.end();
    });
    const { port } = await startHttp((_request, response) => {
      response.writeHead(307, { location: at(other.port).href }).end();
    });
    expect(await get(clientFor(), at(port))).toMatchObject({ status: 307 });
    expect(asked).toBe(0);
    expect(other.accepted()).toBe(0);
  });

  test.each([
    ["HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\n\r\nabc"],
    ["chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"],
    ["a byte order mark", "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n\u00ef\u00bb\u00bfabc"],
    ["a length", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"],
    [
      "an offer of another protocol",
      "HTTP/1.1 200 OK\r\nupgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 3\r\n\r\nabc",
    ],
    ["hints before it", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"],
  ])("understands an answer with %s", async (_name, bytes) => {
    const { port } = await startTcp(saying(bytes));
    expect(await get(clientFor(), at(port))).toMatchObject({ status: 200, body: "abc" });
  });

  test.each(["ftp:", "file:", "ws:", "data:"])("goes by no other scheme, such as %s", async (scheme) => {
    const error = await failure(get(clientFor(), new URL(`${scheme}//127.0.0.1/`)));
    expect(error).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  });
});

describe("a spoilt answer", () => {
  test.each([
    ["garbage", "\u0015\u0003\u0001garbage\r\n\r\n", /^HPE_/],
    ["headers without an end", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(100_000)}`, /^HPE_HEADER_OVERFLOW$/],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na", /^HPE_/],
    [
      "a length and chunks",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
      /^HPE_/,
    ],
    ["a broken chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", /^HPE_/],
    ["a body that ends early", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", /^ECONNRESET$/],
    [
      "chunks without an end",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n",
      /^ECONNRESET$/,
    ],
    [
      "a switch of protocols",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
      /^PROTOCOL$/,
    ],
    ["nothing", "", /^ECONNRESET$/],
  ])("with %s is an error with Node's code", async (_name, bytes, code) => {
    const { port } = await startTcp(saying(bytes));
    expect((await failure(get(clientFor(), at(port)))).code).toMatch(code);
  });

  test("longer than the limit is ANSWER_TOO_LARGE, and its connection is ended", async () => {
    const server = await startHttp((_request, response) => {
      const pump = (): void => {
        if (!response.destroyed) response.write("x".repeat(65_536), pump);
      };
      pump();
    });
    expect(await failure(get(clientFor(), at(server.port)))).toMatchObject({ code: "ANSWER_TOO_LARGE" });
    await eventually(() => server.sockets.size === 0);
  });

  test("of the longest allowed length is read", async () => {
    const { port } = await startHttp((_request, response) => response.end("x".repeat(MAX_BODY_BYTES)));
    expect((await get(clientFor(), at(port))).body.length).toBe(MAX_BODY_BYTES);
  });

  test.each([
    ["before the status", 0],
    ["in the headers", 20],
    ["in the body", 60],
  ])("that drips, cut off %s, ends with the reason of the signal and its socket", async (_name, at0) => {
    const bytes = `HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n${"x".repeat(900)}`;
    const server = await startTcp(
      (socket) => void socket.once("data", () => socket.write(bytes.slice(0, at0))),
    );
    const controller = new AbortController();
    const request = clientFor().request({ url: at(server.port), signal: controller.signal });
    expect(await isPendingAfter(request, 60)).toBe(true);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    await eventually(() => server.sockets.size === 0);
  });
});

describe("the sockets", () => {
  test("are kept and used again, one for any number of requests in a row", async () => {
    const server = await startHttp((_request, response) => response.end("ok"));
    const client = clientFor();
    for (let count = 0; count < 5; count += 1) expect((await get(client, at(server.port))).body).toBe("ok");
    expect(server.accepted()).toBe(1);
  });

  test("do not outlive the client, idle ones and those in use", async () => {
    const server = await startHttp((request, response) => {
      if (request.url === "/") response.end("ok");
    });
    const client = clientFor();
    await get(client, at(server.port));
    const requests = Array.from({ length: 6 }, () => failure(get(client, at(server.port, "/never"))));
    await eventually(() => server.accepted() >= 6);
    client.close();
    for (const { code } of await Promise.all(requests)) expect(code).toBe("CLIENT_CLOSED");
    await eventually(() => server.sockets.size === 0);
    expect(await failure(get(client, at(server.port)))).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(server.accepted()).toBe(6);
  });

  test.each([0, 1, 2, 3])(
    "whose request had not begun when the client was closed (after %i turns) do not outlive it either",
    async (turns) => {
      const server = await startHttp((_request, response) => response.end("ok"));
      for (let index = 0; index < 20; index += 1) {
        const client = clientFor();
        const asked = failure(get(client, at(server.port)));
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        client.close();
        await asked;
      }
      await eventually(() => server.sockets.size === 0, { deadlineMs: 2000 });
    },
  );

  // The second request meets the end of the kept connection.
  const endings: [string, (socket: Socket) => void, typeof valid | undefined][] = [
    ["an orderly end", (socket) => socket.end(), undefined],
    ["a reset", (socket) => socket.resetAndDestroy(), undefined],
    ["an orderly end under TLS", (socket) => socket.end(), valid],
  ];
  test.each(endings)(
    "that meet %s as they are used again are replaced once",
    async (_name, end, certificate) => {
      let requests = 0;
      const serve = counting((socket, count) => {
        requests = count;
        if (count === 2) end(socket);
        else socket.write(OK);
      });
      const server = await startTcp(serve, certificate);
      const client = clientFor({ tls: { ca: ca.cert } });
      const url = certificate === undefined ? at(server.port) : secureAt(server.port);
      for (let count = 0; count < 3; count += 1) expect((await get(client, url)).body).toBe("ok");
      expect(requests).toBe(4);
    },
  );

  test("that meet their end twice are an error: a fresh one was not stale", async () => {
    const server = await startTcp(
      counting((socket, count) => void (count === 1 ? socket.write(OK) : socket.destroy())),
    );
    const client = clientFor();
    await get(client, at(server.port));
    expect(await failure(get(client, at(server.port)))).toMatchObject({ code: "ECONNRESET" });
    expect(server.accepted()).toBe(2);
  });

  test("on which an answer began are not replaced: the server has done the work", async () => {
    const server = await startTcp(
      counting((socket, count) => void (count === 1 ? socket.write(OK) : socket.end("HTTP/1.1 2"))),
    );
    const client = clientFor();
    await get(client, at(server.port));
    expect((await failure(get(client, at(server.port)))).code).toMatch(/^(ECONNRESET|HPE_.*)$/);
    expect(server.accepted()).toBe(1);
  });

  test.each([
    ["with the answer before it", 0],
    ["while nobody waits", 20],
  ])("bring no answer that nobody asked for, sent %s, to the next request", async (_name, ms) => {
    const unasked = OK.replace("ok", "no");
    const server = await startTcp(
      counting((socket, count) => {
        if (count > 1) socket.write(OK.replace("200 OK", "503 No"));
        else socket.write(ms === 0 ? OK + unasked : OK);
        if (count === 1 && ms > 0) setTimeout(() => socket.write(unasked), ms);
      }),
    );
    const client = clientFor();
    expect(await get(client, at(server.port))).toMatchObject({ status: 200, body: "ok" });
    // What was sent unasked is to arrive before the next request.
    await eventually(() => server.sockets.size === 0);
    expect(await get(client, at(server.port))).toMatchObject({ status: 503 });
  });

  test("of a POST are always fresh, because it may not be repeated", async () => {
    const server = await startHttp((_request, response) => response.end("ok"));
    const client = clientFor();
    await get(client, at(server.port));
    await get(client, at(server.port), { method: "POST", body: "a=b" });
    expect(server.accepted()).toBe(2);
    await get(client, at(server.port));
    expect(server.accepted()).toBe(2);
  });

  test("are reported when the server ends them idle, and not when the client does", async () => {
    let reports = 0;
    const server = await startHttp((_request, response) => response.end("ok"));
    const client = clientFor({ onIdleClosed: () => (reports += 1) });
    await get(client, at(server.port));
    await get(client, at(server.port));
    for (const socket of server.sockets) socket.destroy();
    await eventually(() => reports === 1);
    await get(client, at(server.port));
    client.close();
    await eventually(() => server.sockets.size === 0);
    expect(reports).toBe(1);
  });
});

describe("TLS", () => {
  test("is verified, by the given authority", async () => {
    expect(await ask(valid, { ca: ca.cert })).toEqual({ message: "it was answered" });
    expect(await ask(valid, undefined)).toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    expect(await ask(expired, { ca: ca.cert })).toMatchObject({ code: "CERT_HAS_EXPIRED" });
    expect(await ask(wrongHost, { ca: ca.cert })).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(await ask(selfSigned, { ca: ca.cert })).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  test("is verified again on each new connection", async () => {
    let certificate = valid;
    const server = await startHttp((_request, response) => response.end("ok"), { certificate });
    const client = clientFor({ tls: { ca: ca.cert } });
    await get(client, secureAt(server.port));
    certificate = wrongHost;
    (server.server as unknown as { setSecureContext(of: typeof valid): void }).setSecureContext(certificate);
    for (const socket of server.sockets) socket.destroy();
    await eventually(() => server.sockets.size === 0);
    expect(await failure(get(client, secureAt(server.port)))).toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });
});

describe("a guarded client", () => {
  test.each([
    "http://169.254.169.254/computeMetadata/v1/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fe80::1]/",
    "http://0.0.0.0/",
    "http://0/",
    "http://metadata/",
    "http://METADATA.google.internal./",
  ])("refuses %s before connecting", async (url) => {
    const client = clientFor({ checkAddress });
    expect(await failure(get(client, new URL(url)))).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  });

  test("refuses a name that resolves to the metadata server, in the connection's own resolution", async () => {
    const client = clientFor({ checkAddress, lookup: resolvingTo("169.254.169.254") });
    const error = await failure(get(client, new URL("http://innocent.example.com/")));
    expect(error).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  });

  test("refuses a name that resolves well first and to the metadata server then", async () => {
    const server = await startHttp((_request, response) =>
      response.writeHead(200, { connection: "close" }).end(),
    );
    const answers = ["127.0.0.1", "169.254.169.254"];
    const lookup: LookupFunction = (name, options, callback) =>
      resolvingTo(answers.shift() ?? "169.254.169.254")(name, options, callback);
    const client = clientFor({ checkAddress, lookup });
    const url = new URL(`http://rebinding.example.com:${server.port}/`);
    expect(await get(client, url)).toMatchObject({ status: 200 });
    expect(await failure(get(client, url))).toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  });

  test("asks loopback, by name and by address", async () => {
    const { port } = await startHttp((_request, response) => response.end("ok"));
    const client = clientFor({ checkAddress });
    expect((await get(client, at(port))).body).toBe("ok");
    expect((await get(client, new URL(`http://localhost:${port}/`))).body).toBe("ok");
  });
});
