import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { reset } from "../../src/sandbox/reset.ts";

/** What the client of a server that does this with its connection sees. */
async function seen(treat: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, treat).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  client
    .once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
    .once("end", () => resolve("end"));
  client.resume();
  return promise;
}

test("a connection is reset", async () => {
  expect(await seen(reset)).toBe("ECONNRESET");
});

test("one that is saying goodbye ends, and is closed", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<boolean>();
  const outcome = await seen((socket) => {
    socket.once("close", resolve);
    socket.end();
    reset(socket);
  });
  expect(["end", "ECONNRESET"]).toContain(outcome);
  expect(await closed).toBe(false);
});
