import type { Socket } from "node:net";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { systemClock } from "../../services/clock.ts";
import { createObserver } from "../../services/probe/observer.ts";
import type { FaultMode } from "../../src/sandbox/fault-modes.ts";
import { type FaultProxy, startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { makeCertificates } from "../support/certificates.ts";
import { dependencyFor, diagnose, type Diagnosis, expectCause, type Given } from "../support/diagnose.ts";
import { type Listener, startTcp } from "../support/listeners.ts";
import { eventually } from "../support/wait.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());
const { ca, valid, expired, wrongHost, selfSigned } = certificates;

const silent = (): void => undefined;
const greeting =
  (text: string) =>
  (socket: Socket): void =>
    void socket.write(text);
const urlOf = ({ port }: { port: number }, scheme = "tcp"): string => `${scheme}://127.0.0.1:${port}`;

async function proxied(serve = silent as (socket: Socket) => void): Promise<{
  server: Listener;
  proxy: FaultProxy;
  url: string;
}> {
  const server = await startTcp(serve);
  const proxy = await startFaultProxy({ upstream: { host: "127.0.0.1", port: server.port } });
  onTestFinished(() => proxy.close());
  return { server, proxy, url: urlOf(proxy) };
}

/** Both the ladder and one observation name `code`. */
async function seen(code: CauseCode, given: Given<"tcp">, observed: CauseCode = code): Promise<Diagnosis> {
  const diagnosis = await diagnose("tcp", given);
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(observed);
  return diagnosis;
}
async function healthy(given: Given<"tcp">): Promise<void> {
  const { ladder, observed } = await diagnose("tcp", given);
  expect(ladder.cause).toBeUndefined();
  expect(ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  expect(observed).toBeUndefined();
}

describe("a healthy TCP service", () => {
  test("passes when it says nothing, and when it greets as expected", async () => {
    await healthy({ url: (await proxied()).url });
    const { url } = await proxied(greeting("220 mail.example.com ESMTP\r\n"));
    await healthy({ url });
    await healthy({ url, banner: "220 " });
    await healthy({ url, banner: "" });
  });

  test("passes when its greeting comes in pieces, and when it ends after it", async () => {
    const pieces = await startTcp((socket) => {
      socket.setNoDelay(true).write("SSH-");
      setTimeout(() => socket.write("2.0-x"), 20);
    });
    await healthy({ url: urlOf(pieces), banner: "SSH-2.0" });
    await healthy({ url: urlOf(await startTcp((socket) => void socket.end("bye"))), banner: "bye" });
  });

  test("passes over TLS, with a greeting and without", async () => {
    const url = urlOf(await startTcp(greeting("* OK IMAP"), valid), "tls");
    await healthy({ url, tls: { mode: "verify-full", ca: ca.cert }, banner: "* OK" });
    await healthy({ url, tls: { mode: "verify-full", ca: ca.cert } });
  });

  test("is met by one connection in each observation, and none is left", async () => {
    const server = await startTcp(greeting("hello"));
    const dependency = await dependencyFor("tcp", { url: urlOf(server), banner: "hello" });
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
    onTestFinished(() => observer.close());
    for (let count = 1; count <= 3; count += 1) {
      expect(await observer.observe(new AbortController().signal)).toMatchObject({ status: "pass" });
      expect(server.accepted()).toBe(count);
      await eventually(() => server.sockets.size === 0);
    }
  });
});

describe("the greeting", () => {
  test("of another server is BANNER_MISMATCH, which shows the beginning of what was found", async () => {
    const { url } = await proxied(greeting(`HTTP/1.1 400 password=canary-banner-1 ${"x".repeat(500)}`));
    const { ladder, text } = await seen("BANNER_MISMATCH", { url, banner: "SSH-2.0" });
    expect(ladder.cause).toMatchObject({ rung: "assert" });
    expect(ladder.cause?.message).toMatch(
      /^expected a greeting that begins with "SSH-2.0", found "HTTP\/1.1 400/,
    );
    expect(text).not.toContain("canary-banner");
    expect(ladder.cause?.message.length).toBeLessThan(200);
  });

  test.each([
    ["of bytes that are no text", Buffer.from([0, 255, 27, 91, 50, 74])],
    ["that ends too early", Buffer.from("SSH")],
  ])("%s is BANNER_MISMATCH", async (_name, bytes) => {
    const server = await startTcp((socket) => void socket.end(bytes));
    const { ladder } = await seen("BANNER_MISMATCH", { url: urlOf(server), banner: "SSH-2.0" });
    // oxlint-disable-next-line no-control-regex
    expect(ladder.cause?.message).not.toMatch(/[\u0000-\u001f]/);
  });

  test("that never comes is QUERY_TIMEOUT, and its sockets are ended", async () => {
    const { url, server, proxy } = await proxied();
    await seen("QUERY_TIMEOUT", { url, banner: "SSH" });
    await eventually(() => server.sockets.size === 0 && proxy.connections() === 0);
  });
});

describe("the network", () => {
  const banner = "SSH-2.0";
  test.each<[FaultMode, CauseCode]>([
    ["refuse", "CONNECT_REFUSED"],
    ["blackhole", "QUERY_TIMEOUT"],
    ["drip", "QUERY_TIMEOUT"],
    ["garbage", "BANNER_MISMATCH"],
  ])("that does %s is %s", async (mode, code) => {
    const { proxy, url } = await proxied(greeting("SSH-2.0-OpenSSH_9.9\r\n"));
    await proxy.setMode(mode);
    await seen(code, { url, banner });
  });

  test.each<[string, (socket: Socket) => void, string | undefined]>([
    ["hangs up at once", (socket) => socket.destroy(), undefined],
    ["hangs up at once where it should greet", (socket) => socket.destroy(), banner],
    ["ends at once", (socket) => socket.end(), undefined],
    ["resets at once", (socket) => socket.resetAndDestroy(), undefined],
    ["resets at once where it should greet", (socket) => socket.resetAndDestroy(), banner],
  ])("with a server that accepts and %s does not pass", async (_name, serve, expected) => {
    const url = urlOf(await startTcp(serve));
    const { ladder, observed } = await diagnose("tcp", {
      url,
      ...(expected === undefined ? {} : { banner: expected }),
    });
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(ladder.cause?.code);
    // A reset can arrive while the connection is still being made.
    expect(["connect", "query"]).toContain(ladder.cause?.rung);
    expect(["CONNECTION_CLOSED", "CONNECT_RESET"]).toContain(observed);
  });

  test("with a server that was killed is CONNECT_REFUSED, and its sockets are gone", async () => {
    const { server, url } = await proxied();
    await healthy({ url });
    await server.kill();
    await eventually(() => seen("CONNECT_REFUSED", { url }));
    expect(server.sockets.size).toBe(0);
  });
});

describe("TLS", () => {
  const tls = { mode: "verify-full", ca: ca.cert } as const;
  test.each<[string, typeof valid, CauseCode]>([
    ["expired", expired, "TLS_CERT_EXPIRED"],
    ["self-signed", selfSigned, "TLS_CERT_UNTRUSTED"],
    ["for another host", wrongHost, "TLS_HOST_MISMATCH"],
  ])("with a certificate that is %s is named at the rung secure", async (_name, certificate, code) => {
    const url = urlOf(await startTcp(silent, certificate), "tls");
    const { ladder } = await seen(code, { url, tls });
    expect(ladder.cause?.rung).toBe("secure");
    await healthy({ url, tls: { mode: "no-verify" } });
  });

  test("asked for at a port that greets in plain text is TLS_NOT_SUPPORTED", async () => {
    await seen("TLS_NOT_SUPPORTED", { url: urlOf(await startTcp(greeting("220 mail\r\n")), "tls"), tls });
  });

  test("asked for at a port that says nothing is TLS_FAILED", async () => {
    await seen("TLS_FAILED", { url: urlOf(await startTcp(silent), "tls"), tls }, "QUERY_TIMEOUT");
  });
});
