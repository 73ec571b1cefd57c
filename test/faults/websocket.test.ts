import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import type { Socket } from "node:net";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { CauseCode } from "../../services/causes.ts";
import { systemClock } from "../../services/clock.ts";
import { createObserver, type Observer } from "../../services/probe/observer.ts";
import type { FaultMode } from "../../src/sandbox/fault-modes.ts";
import { type FaultProxy, startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { makeCertificates } from "../support/certificates.ts";
import { dependencyFor, diagnose, type Diagnosis, expectCause, type Given } from "../support/diagnose.ts";
import { type Listener, startHttp, startTcp } from "../support/listeners.ts";
import { eventually } from "../support/wait.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());
const { ca, valid, expired, wrongHost, selfSigned } = certificates;

type Serving = { readonly server: Listener; readonly clients: ReadonlySet<WebSocket> };

const refuse: RequestListener = (_request, response) => void response.writeHead(426).end();

/** A WebSocket server, under TLS when a certificate is given. */
async function startWebsocket(
  options: Omit<ServerOptions, "port"> & {
    certificate?: typeof valid;
    serve?: (client: WebSocket) => void;
  } = {},
): Promise<Serving> {
  const { certificate, serve, ...settings } = options;
  const server = await startHttp(refuse, certificate === undefined ? {} : { certificate });
  const sockets = new WebSocketServer({ ...settings, server: server.server });
  sockets.on("connection", (client) => {
    client.on("error", () => undefined);
    serve?.(client);
  });
  onTestFinished(() => sockets.close());
  return { server, clients: sockets.clients };
}
const urlOf = ({ port }: { port: number }, scheme = "ws"): string => `${scheme}://127.0.0.1:${port}/feed`;

async function proxied(
  options?: Parameters<typeof startWebsocket>[0],
): Promise<Serving & { proxy: FaultProxy; url: string }> {
  const serving = await startWebsocket(options);
  const proxy = await startFaultProxy({ upstream: { host: "127.0.0.1", port: serving.server.port } });
  onTestFinished(() => proxy.close());
  return { ...serving, proxy, url: urlOf(proxy) };
}

/** Completes the handshake with these headers more, and then serves the raw connection. */
const handshaking =
  (serve: (socket: Socket) => void, more = ""): Parameters<typeof startTcp>[0] =>
  (socket) =>
    void socket.once("data", (bytes) => {
      const [, key = ""] = /sec-websocket-key: (.*)\r/i.exec(bytes.toString("latin1")) ?? [];
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n${more}\r\n`,
      );
      serve(socket);
    });

/** Both the ladder and one observation name `code`. */
async function seen(
  code: CauseCode,
  given: Given<"websocket">,
  observed: CauseCode = code,
): Promise<Diagnosis> {
  const diagnosis = await diagnose("websocket", given);
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(observed);
  return diagnosis;
}
async function healthy(given: Given<"websocket">): Promise<Diagnosis> {
  const diagnosis = await diagnose("websocket", given);
  expect(diagnosis.ladder.cause).toBeUndefined();
  expect(diagnosis.ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  expect(diagnosis.observed).toBeUndefined();
  return diagnosis;
}
async function observing(url: string): Promise<{ observer: Observer; lost: () => number }> {
  const dependency = await dependencyFor("websocket", { url });
  let lost = 0;
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => (lost += 1) });
  onTestFinished(() => observer.close());
  return { observer, lost: () => lost };
}
const { signal: never } = new AbortController();

describe("a healthy WebSocket service", () => {
  test("passes all rungs, with its subprotocol", async () => {
    await healthy({ url: (await proxied()).url });
    const { url } = await proxied({ handleProtocols: (offered) => [...offered][0] ?? false });
    await healthy({ url, subprotocol: "graphql-transport-ws" });
  });

  test("passes over TLS, and with a login, which is not shown", async () => {
    let authorization: string | undefined;
    const verifyClient = ({ req }: { req: IncomingMessage }): boolean => {
      authorization = req.headers.authorization;
      return true;
    };
    const { server } = await startWebsocket({ certificate: valid, verifyClient });
    const url = urlOf(server, "wss").replace("//", "//me:canary-ws-31@");
    const { text } = await healthy({ url, tls: { mode: "verify-full", ca: ca.cert } });
    expect(authorization).toBe(`Basic ${btoa("me:canary-ws-31")}`);
    expect(text).not.toContain("me:");
  });

  test("passes although it greets, broadcasts and pings", async () => {
    const { url } = await proxied({
      serve(client) {
        for (let count = 0; count < 100; count += 1) client.send("x".repeat(10_000));
        client.ping("theirs");
        client.pong("unasked");
      },
    });
    await healthy({ url });
  });

  test("is asked on one held connection, without a listener more for each ping", async () => {
    const { url, clients, server } = await proxied();
    const { observer } = await observing(url);
    let pings = 0;
    for (let count = 0; count < 30; count += 1) {
      expect(await observer.observe(never)).toMatchObject({ status: "pass" });
      if (count === 0) for (const client of clients) client.on("ping", () => (pings += 1));
    }
    expect(pings).toBe(29);
    expect(clients.size).toBe(1);
    observer.close();
    await eventually(() => server.sockets.size === 0);
  });
});

describe("the handshake", () => {
  test.each([200, 400, 401, 403, 404, 426, 500, 503])(
    "answered with %i is UPGRADE_REFUSED",
    async (status) => {
      const server = await startHttp((_request, response) => response.writeHead(status).end("canary-page"));
      server.server.on("upgrade", (_request, socket) =>
        socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 11\r\n\r\ncanary-page`),
      );
      const { ladder, text } = await seen("UPGRADE_REFUSED", { url: urlOf(server) });
      expect(ladder.cause).toMatchObject({
        rung: "authenticate",
        message: `expected 101 Switching Protocols, found ${status}`,
      });
      expect(text).not.toContain("canary");
      await eventually(() => server.sockets.size === 0);
    },
  );

  test("answered with a redirect is HTTP_REDIRECTED, and nothing arrives there", async () => {
    const elsewhere = await startWebsocket();
    const server = await startTcp((socket) => {
      socket.once("data", () =>
        socket.end(
          `HTTP/1.1 302 Found\r\nlocation: ws://127.0.0.1:${elsewhere.server.port}/?t=canary\r\ncontent-length: 0\r\n\r\n`,
        ),
      );
    });
    const { ladder } = await seen("HTTP_REDIRECTED", { url: urlOf(server) });
    expect(ladder.cause).toMatchObject({
      rung: "authenticate",
      message: `expected 101 Switching Protocols, found 302 to ws://127.0.0.1:${elsewhere.server.port}`,
    });
    expect(elsewhere.server.accepted()).toBe(0);
  });

  test("without the subprotocol, or with another, is SUBPROTOCOL_MISMATCH", async () => {
    const without = await startWebsocket({ handleProtocols: () => false });
    await seen("SUBPROTOCOL_MISMATCH", { url: urlOf(without.server), subprotocol: "mqtt" });
    const other = await startTcp(handshaking(() => undefined, "sec-websocket-protocol: stomp\r\n"));
    await seen("SUBPROTOCOL_MISMATCH", { url: urlOf(other), subprotocol: "mqtt" });
    await seen("SUBPROTOCOL_MISMATCH", { url: urlOf(other) });
  });

  test.each<[string, string, CauseCode]>([
    ["that is no HTTP", "SSH-2.0-OpenSSH\r\n", "PROTOCOL_MISMATCH"],
    [
      "with the answer to another key",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n",
      "PROTOCOL_MISMATCH",
    ],
    [
      "to another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
      "PROTOCOL_MISMATCH",
    ],
    ["that is empty", "", "CONNECTION_CLOSED"],
  ])("%s is named", async (_name, bytes, code) => {
    const server = await startTcp((socket) => void socket.once("data", () => socket.end(bytes)));
    await seen(code, { url: urlOf(server) });
  });

  test("that never ends is LOGIN_TIMEOUT, and its sockets are ended", async () => {
    const server = await startTcp((socket) => void socket.resume());
    await seen("LOGIN_TIMEOUT", { url: urlOf(server) });
    await eventually(() => server.sockets.size === 0);
  });
});

describe("the ping", () => {
  test("that is never answered is QUERY_TIMEOUT, and its sockets are ended", async () => {
    const { server, url } = await proxied({ autoPong: false });
    await seen("QUERY_TIMEOUT", { url });
    await eventually(() => server.sockets.size === 0);
  });

  test("that is answered with another payload is QUERY_TIMEOUT", async () => {
    const { server } = await startWebsocket({
      autoPong: false,
      serve: (client) => void client.on("ping", () => client.pong("another")),
    });
    await seen("QUERY_TIMEOUT", { url: urlOf(server) });
  });

  test.each<[string, Buffer, CauseCode]>([
    ["with bytes that are no frame", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "PROTOCOL_MISMATCH"],
    ["with a frame of 2 MiB", Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 32, 0, 0]), "ANSWER_TOO_LARGE"],
    ["with a farewell", Buffer.from([0x88, 0x02, 0x03, 0xe8]), "CONNECTION_CLOSED"],
  ])("that is answered %s is named", async (_name, bytes, code) => {
    const server = await startTcp(handshaking((socket) => void socket.on("data", () => socket.write(bytes))));
    await seen(code, { url: urlOf(server) });
    await eventually(() => server.sockets.size === 0);
  });
});

describe("the network", () => {
  test.each<[FaultMode, CauseCode]>([
    ["refuse", "CONNECT_REFUSED"],
    ["blackhole", "LOGIN_TIMEOUT"],
    ["drip", "LOGIN_TIMEOUT"],
    ["garbage", "PROTOCOL_MISMATCH"],
    ["reset", "CONNECT_RESET"],
  ])("that does %s is %s", async (mode, code) => {
    const { proxy, url } = await proxied();
    await proxy.setMode(mode);
    await seen(code, { url });
  });

  test("that falls silent under a held connection is noticed by the second try, which passes", async () => {
    const { proxy, url } = await proxied();
    const { observer } = await observing(url);
    expect(await observer.observe(never)).toMatchObject({ status: "pass" });
    await proxy.setMode("blackhole-established");
    expect(await observer.observe(never)).toMatchObject({ status: "pass" });
  });

  test("tells at once of a server that was killed, and its sockets are gone", async () => {
    const { server, url } = await proxied();
    const { observer, lost } = await observing(url);
    expect(await observer.observe(never)).toMatchObject({ status: "pass" });
    await server.kill();
    await eventually(() => lost() === 1);
    await eventually(async () =>
      expect(await observer.observe(never)).toMatchObject({ cause: { code: "CONNECT_REFUSED" } }),
    );
    expect(server.sockets.size).toBe(0);
  });

  test("tells of a server that says goodbye", async () => {
    const { clients, url } = await proxied();
    const { observer, lost } = await observing(url);
    await observer.observe(never);
    for (const client of clients) client.close(1001);
    await eventually(() => lost() === 1);
    expect(await observer.observe(never)).toMatchObject({ status: "pass" });
  });
});

describe("TLS", () => {
  const tls = { mode: "verify-full", ca: ca.cert } as const;
  test.each<[string, typeof valid, CauseCode]>([
    ["expired", expired, "TLS_CERT_EXPIRED"],
    ["self-signed", selfSigned, "TLS_CERT_UNTRUSTED"],
    ["for another host", wrongHost, "TLS_HOST_MISMATCH"],
  ])("with a certificate that is %s is named at the rung secure", async (_name, certificate, code) => {
    const { server } = await startWebsocket({ certificate });
    const { ladder } = await seen(code, { url: urlOf(server, "wss"), tls });
    expect(ladder.cause?.rung).toBe("secure");
    await healthy({ url: urlOf(server, "wss"), tls: { mode: "no-verify" } });
  });

  test("asked for at a plain port is TLS_NOT_SUPPORTED", async () => {
    await seen("TLS_NOT_SUPPORTED", { url: urlOf((await startWebsocket()).server, "wss"), tls });
  });

  test("at a port that is asked without is TLS_REQUIRED", async () => {
    await seen("TLS_REQUIRED", { url: urlOf((await startWebsocket({ certificate: valid })).server) });
  });
});
