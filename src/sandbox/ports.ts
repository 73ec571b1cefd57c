import { once } from "node:events";
import { createServer } from "node:net";
import { randomInt } from "node:crypto";
import { SandboxError } from "./errors.ts";

/**
 * The kernel hands out ports from 32768 for outgoing connections. A server port taken from there
 * could be given away while the server restarts, and a client that retries could even connect to itself.
 */
const lowest = 15_000;
const highest = 32_000;
const attempts = 50;

/** Given to servers of this process that may not listen yet; a dozen start at the same time. */
const given = new Set<number>();
const remembered = 1000;

/**
 * Finds a TCP port on 127.0.0.1 that nothing listens on, outside the range of outgoing connections.
 * Throws `NO_FREE_PORT` after 50 occupied ones.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (given.has(port)) {
      continue;
    }
    remember(port);
    if (await isFree(port)) {
      return port;
    }
  }
  throw new SandboxError("NO_FREE_PORT", `No free port between ${lowest} and ${highest} on 127.0.0.1.`);
}

function remember(port: number): void {
  given.add(port);
  if (given.size > remembered) {
    const [oldest = port] = given;
    given.delete(oldest);
  }
}

/**
 * Starts a server that looks for a free port itself. Another process may take that port before the server listens on it:
 * then it is started once more, twice at the most. Throws what the last start throws.
 */
export async function onFreePort<T>(start: () => Promise<T>): Promise<T> {
  for (let retries = 2; ; retries -= 1) {
    try {
      return await start();
    } catch (error) {
      if (retries === 0 || !/EADDRINUSE|Address already in use/.test(String(error))) throw error;
    }
  }
}

/** Tells whether a server could listen on this port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
