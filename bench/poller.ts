// A process of its own, so that nothing the bench does delays its clock: asks each target at fixed times, whether or
// not earlier questions are answered, and reports each answer to its parent.
import { Agent, get } from "node:http";
import type { PollTarget, Sample } from "./poll.ts";

const reportMs = 100;
let batch: Sample[] = [];

const now = (): number => performance.timeOrigin + performance.now();
const send = (): void => {
  if (batch.length > 0) {
    process.send?.(batch);
    batch = [];
  }
};

function poll(target: PollTarget): void {
  const agent = new Agent({ keepAlive: true });
  setInterval(() => {
    const at = now();
    let done = false;
    const finish = (status: number): void => {
      if (!done) {
        done = true;
        clearTimeout(timer);
        batch.push({ name: target.name, at, tookMs: now() - at, status });
      }
    };
    const request = get(target.url, { agent }, (response) => {
      response.resume();
      response.once("end", () => finish(response.statusCode ?? 0));
      response.once("error", () => finish(0));
    });
    request.once("error", () => finish(0));
    const timer = setTimeout(() => request.destroy(), target.giveUpMs);
  }, target.everyMs);
}

process.on("message", (target) => poll(target as PollTarget));
setInterval(send, reportMs);
process.on("disconnect", () => process.exit());
