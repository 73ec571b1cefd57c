import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchError } from "../errors.ts";
import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import {
  bareFastify,
  bareFastifyCached,
  bareNodeHttp,
  ours,
  oursUncached,
  type ServerKind,
} from "../servers.ts";
import { ratios, rotate, type Spread, spread } from "../statistics.ts";

/** Milliseconds from the spawn of the process to an answer. */
export interface Start {
  readonly what: string;
  readonly ms: Spread;
  readonly toBareFastify: Spread;
}

/** What is waited for, in this order. */
interface Moment {
  readonly what: string;
  readonly path: string;
  readonly reached: (answer: { status: number; text: string }) => boolean;
}

const is200 = ({ status }: { status: number }): boolean => status === 200;
const answers = (kind: ServerKind): Moment => ({ what: kind.name, path: kind.path, reached: is200 });

/** What the report calls the moments of Greenlight. */
export const readyMoment = "greenlight, /health/ready";
export const databaseMoment = "greenlight, /health/database with all three observed";

const momentsOf = (what: { ready: string; database: string }): readonly Moment[] => [
  { what: what.ready, path: "/health/ready", reached: is200 },
  {
    what: what.database,
    path: ours.path,
    reached: (answer) => is200(answer) && allObserved(answer.text),
  },
];

const candidates: readonly { kind: ServerKind; moments: readonly Moment[] }[] = [
  { kind: ours, moments: momentsOf({ ready: readyMoment, database: databaseMoment }) },
  {
    kind: oursUncached,
    moments: momentsOf({
      ready: `${oursUncached.name}, /health/ready`,
      database: `${oursUncached.name}, /health/database`,
    }),
  },
  { kind: bareFastifyCached, moments: [answers(bareFastifyCached)] },
  { kind: bareFastify, moments: [answers(bareFastify)] },
  { kind: bareNodeHttp, moments: [answers(bareNodeHttp)] },
];
const pollMs = 2;
const deadlineMs = 15_000;

/** Starts each server again and again, in turn, and asks every 2 ms until it answers. */
export async function measureStart(lab: Lab): Promise<readonly Start[]> {
  const { settings, say } = lab;
  const taken = new Map<string, Map<number, number>>();
  // One round more: the first reads the files from the disk.
  for (let round = 0; round <= settings.starts; round += 1) {
    say(`Start: round ${round} of ${settings.starts}`);
    for (const { kind, moments } of rotate(candidates, round)) {
      const from = performance.now();
      const server = await lab.launch(kind);
      for (const moment of moments) {
        await until(moment, server, lab.signal);
        const tookMs = performance.now() - from;
        if (round > 0) {
          const of = taken.get(moment.what) ?? new Map<number, number>();
          taken.set(moment.what, of.set(round, tookMs));
        }
      }
      await lab.stop([server]);
    }
  }
  const base = taken.get(bareFastify.name) ?? new Map<number, number>();
  return [...taken].map(([what, byRound]) => ({
    what,
    ms: spread([...byRound.values()]),
    toBareFastify: spread(ratios(byRound, base)),
  }));
}

async function until(moment: Moment, server: Running, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const end = performance.now() + deadlineMs;
  const request = `GET ${moment.path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
  while (!moment.reached(await askRaw({ host: hostname, port: Number(port), request }))) {
    signal.throwIfAborted();
    if (!server.process.running || performance.now() > end) {
      throw new BenchError(`${moment.what} did not come:\n${server.process.logs().trim()}`);
    }
    await sleep(pollMs);
  }
}

/** One question over a bare socket, which costs this side less than an HTTP client. Status 0: no answer. */
function askRaw(options: {
  host: string;
  port: number;
  request: string;
}): Promise<{ status: number; text: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; text: string }>();
  let text = "";
  const socket = connect({ host: options.host, port: options.port, noDelay: true });
  socket.setEncoding("utf8");
  socket.once("connect", () => socket.write(options.request));
  socket.on("data", (chunk: string) => (text += chunk));
  socket.once("error", () => resolve({ status: 0, text: "" }));
  socket.once("close", () => resolve({ status: Number(text.slice(9, 12)), text }));
  return promise;
}

/** Whether three checks pass and each tells the time of a real observation. */
function allObserved(answer: string): boolean {
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const { checks } = JSON.parse(body) as { checks: Record<string, { status: string; time?: string }[]> };
  const all = Object.values(checks).flat();
  return all.length === 3 && all.every(({ status, time }) => status === "pass" && time !== undefined);
}
