import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../../../src/sandbox/wait.ts";
import { BenchError } from "../../errors.ts";
import type { Lab } from "../../lab.ts";
import { residentMiB } from "../../proc.ts";
import { ours } from "../../servers.ts";
import { maximum, quantile } from "../../statistics.ts";

/** What requests cost that one instance holds, and how soon all are let go. */
export interface Held {
  readonly count: number;
  readonly kibEach: number;
  /** From the end of the incident, as Greenlight tells it, to the last answer, in ms; the first and the median beside it. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly lastMs: number;
  /** Requests that got something other than `go`. */
  readonly lost: number;
}

const settleMs = 3000;

/** Breaks Redis, has one Greenlight hold thousands of requests for a suite, mends Redis, and waits for all answers. */
export async function measureHeld(lab: Lab): Promise<Held> {
  const { settings, say, signal, environment } = lab;
  const count = settings.held;
  say(`Gate: ${count} held requests`);
  const redis = environment.dependencies.get("redis");
  if (redis === undefined) throw new BenchError("There is no Redis to break.");
  const server = await lab.launchReady(ours, { proxied: true });
  const sockets: Socket[] = [];
  try {
    await redis.proxy.setMode("refuse");
    const port = Number(new URL(server.url).port);
    const gate = { host: "127.0.0.1", port, path: "/gate/database?wait=120s&stable=0s" };
    await waitUntil("the suite is unfit", async () => (await verdict(server.url)) === "wait", {
      deadlineMs: 10_000,
      intervalMs: 20,
      signal,
    });
    // What the first thousand make Node set aside once is not theirs.
    const warm = await hold(gate, 1000);
    await sleep(settleMs, undefined, { signal });
    for (const each of warm) each.socket.destroy();
    await sleep(settleMs, undefined, { signal });
    const before = residentMiB(server.pid);
    const held = await hold(gate, count);
    sockets.push(...held.map(({ socket }) => socket));
    await sleep(settleMs, undefined, { signal });
    const kibEach = ((residentMiB(server.pid) - before) * 1024) / count;
    await redis.proxy.setMode("none");
    const answers = await Promise.all(held.map(({ answer }) => Promise.race([answer, sleep(20_000)])));
    const at = await recoveryOf(server.url);
    const took = answers.flatMap((answer) => (answer === undefined ? [] : [answer.at - at]));
    return {
      count,
      kibEach,
      firstMs: -maximum(took.map((ms) => -ms)),
      medianMs: quantile(took, 0.5),
      lastMs: maximum(took),
      lost: count - answers.filter((answer) => answer?.go === true).length,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    await redis.proxy.setMode("none");
    await lab.stop([server]);
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

interface HeldRequest {
  readonly socket: Socket;
  readonly answer: Promise<{ readonly at: number; readonly go: boolean }>;
}

/** Opens the connections a hundred at a time; resolves when all have sent their request. */
async function hold({ host, port, path }: Place, count: number): Promise<readonly HeldRequest[]> {
  const held: HeldRequest[] = [];
  while (held.length < count) {
    const batch = Array.from({ length: Math.min(100, count - held.length) }, async () => {
      const socket = connect({ host, port, noDelay: true });
      const { promise, resolve } = Promise.withResolvers<{ at: number; go: boolean }>();
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        if (/"verdict":"\w+"/.test(text)) resolve({ at: Date.now(), go: text.includes('"verdict":"go"') });
      });
      socket.once("close", () => resolve({ at: Date.now(), go: false }));
      socket.on("error", () => undefined);
      await new Promise<void>((done) => void socket.once("connect", done).once("close", () => done()));
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      return { socket, answer: promise };
    });
    held.push(...(await Promise.all(batch)));
  }
  return held;
}

/** Wall-clock milliseconds at which Greenlight saw Redis pass again. */
async function recoveryOf(url: string): Promise<number> {
  const answer = await fetch(new URL("/incidents", url));
  const { incidents } = (await answer.json()) as { incidents: { dependency: string; endedAt?: string }[] };
  return Date.parse(incidents.findLast(({ dependency }) => dependency === "redis")?.endedAt ?? "");
}

async function verdict(url: string): Promise<string | undefined> {
  const answer = await fetch(new URL("/gate/database", url));
  return ((await answer.json()) as { verdict?: string }).verdict;
}
