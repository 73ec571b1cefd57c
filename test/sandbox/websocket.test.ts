import { once } from "node:events";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { startWebsocket } from "../../src/sandbox/websocket/websocket.ts";
import { makeCertificates } from "../support/certificates.ts";
import { useDependency } from "../support/environment.ts";
import { isPendingAfter } from "../support/wait.ts";

const websocket = await useDependency("websocket");
afterEach(() => websocket.setMode("none"));

async function open(
  protocols: string[] = [],
  { url = websocket.url(), ...options }: ClientOptions & { url?: string } = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, options);
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

test("it echoes texts and bytes, and answers a ping with the same payload", async () => {
  const socket = await open();
  expect(socket.protocol).toBe("");
  socket.send("hello");
  const [text, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
  expect([text.toString(), isBinary]).toEqual(["hello", false]);
  socket.send(Buffer.of(1, 2, 3));
  expect(await once(socket, "message")).toEqual([Buffer.of(1, 2, 3), true]);
  socket.ping("marco");
  const [payload] = (await once(socket, "pong")) as [Buffer];
  expect(payload.toString()).toBe("marco");
});

test("it chooses its subprotocol when that is asked for, and no other", async () => {
  expect((await open(["other", "greenlight.v1"])).protocol).toBe("greenlight.v1");
  await expect(open(["other"])).rejects.toThrow("no subprotocol");
});

test("a plain request is told what to upgrade to", async () => {
  const response = await fetch(websocket.url().replace("ws:", "http:"));
  expect(response.status).toBe(426);
  expect(response.headers.get("upgrade")).toBe("websocket");
});

test("each mode of its own shows while it lasts", async () => {
  const before = await open();
  const closed = once(before, "close");
  await websocket.setMode("upgrade-refused");
  expect(await closed).toEqual([1012, expect.anything()]);
  await expect(open()).rejects.toThrow("503");
  await websocket.setMode("wrong-subprotocol");
  await expect(open(["greenlight.v1"])).rejects.toThrow("no subprotocol");
  await websocket.setMode("no-pong");
  const socket = await open(["greenlight.v1"]);
  socket.ping();
  expect(await isPendingAfter(once(socket, "pong"), 100)).toBe(true);
  await websocket.setMode("none");
  socket.ping();
  await once(socket, "pong");
});

test("killed, it closes its connections and is refused; a restart has it back", async () => {
  const socket = await open();
  const closed = once(socket, "close");
  socket.on("error", () => undefined);
  websocket.server.signal("SIGKILL");
  await closed;
  await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await websocket.restart();
  await open();
});

test("it serves wss when asked", async () => {
  const certificates = await makeCertificates();
  onTestFinished(() => certificates.remove());
  const server = await startWebsocket({ tls: certificates.valid });
  onTestFinished(() => server.close());
  await open([], { url: server.url(), ca: certificates.ca.cert });
  await expect(open([], { url: server.url() })).rejects.toMatchObject({
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  });
});
