import type { Socket } from "node:net";
import type { Fault } from "./fault-modes.ts";
import { randomBytes } from "./random-bytes.ts";
import { reset } from "./reset.ts";

/** One direction of a link. */
export interface Pump {
  /** Passes on that no more bytes will come, after those which are still on their way. */
  end(): void;
  /** Bytes that the old fault holds back go on under the new one. */
  faultChanged(): void;
  stop(): void;
}

export interface PumpOptions {
  from: Socket;
  to: Socket;
  /** Whether this direction carries the answers. */
  toClient: boolean;
  fault: () => Fault;
  seed: number;
}

/** A piece on its way, and when it may leave; `end` stands for the end of the stream. */
interface Held {
  bytes: Buffer | "end";
  at: number;
}

const plain: Fault = { mode: "none", ms: 0 };

/** Carries bytes from one socket to the other, with latency, drip, garbage or a reset on the way. */
export function createPump({ from, to, toClient, fault, seed }: PumpOptions): Pump {
  const garbage = randomBytes(seed);
  const queue: Held[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  from.on("data", receive);
  to.on("drain", () => from.resume());

  function receive(chunk: Buffer): void {
    if (stopped) {
      return;
    }
    if (toClient && fault().mode === "reset") {
      to.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => reset(to));
      stop();
      return;
    }
    hold(toClient && fault().mode === "garbage" ? garbage(chunk.length) : chunk);
  }

  function hold(bytes: Buffer | "end"): void {
    const { mode, ms } = fault();
    queue.push({ bytes, at: mode === "latency" ? performance.now() + ms : 0 });
    if (timer === undefined) {
      release();
    }
  }

  /** Sends what may leave now, and sets the timer for the rest. */
  function release(): void {
    clearTimeout(timer);
    timer = undefined;
    const { mode, ms } = toClient || fault().mode === "latency" ? fault() : plain;
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      const waitMs = mode === "latency" ? head.at - performance.now() : 0;
      if (waitMs > 0) {
        timer = setTimeout(release, Math.ceil(waitMs));
        return;
      }
      if (mode === "drip" && head.bytes !== "end") {
        dripFrom(head, head.bytes);
        timer = setTimeout(release, ms);
        return;
      }
      queue.shift();
      send(head.bytes);
    }
  }

  function dripFrom(head: Held, bytes: Buffer): void {
    send(bytes.subarray(0, 1));
    head.bytes = bytes.subarray(1);
    if (head.bytes.length === 0) {
      queue.shift();
    }
  }

  function send(bytes: Buffer | "end"): void {
    if (bytes === "end") {
      to.end();
    } else if (!to.write(bytes)) {
      from.pause();
    }
  }

  function stop(): void {
    stopped = true;
    queue.length = 0;
    clearTimeout(timer);
    from.resume();
  }

  return { end: () => hold("end"), faultChanged: release, stop };
}
