import { expect, test } from "vitest";
import { createSingleFlight } from "../../../services/probe/single-flight.ts";

function flights(): {
  run: () => Promise<number>;
  land: (index: number) => void;
  crash: (index: number) => void;
  started: () => number;
} {
  const runs: PromiseWithResolvers<number>[] = [];
  return {
    run() {
      const deferred = Promise.withResolvers<number>();
      runs.push(deferred);
      return deferred.promise;
    },
    land: (index) => runs[index]?.resolve(index),
    crash: (index) => runs[index]?.reject(new Error(`run ${index}`)),
    started: () => runs.length,
  };
}

test("callers while a run is under way join it; the next caller starts a new one", async () => {
  const { run, land, started } = flights();
  const fly = createSingleFlight(run);
  const calls = [fly(), fly(), fly()];
  expect(started()).toBe(1);
  expect(fly.busy()).toBe(true);
  land(0);
  expect(await Promise.all(calls)).toEqual([0, 0, 0]);
  expect(fly.busy()).toBe(false);
  const next = fly();
  expect(started()).toBe(2);
  land(1);
  expect(await next).toBe(1);
});

test("all callers of a failing run get its error, and the next caller starts a new one", async () => {
  const { run, land, crash } = flights();
  const fly = createSingleFlight(run);
  const calls = [fly(), fly()];
  crash(0);
  for (const call of calls) await expect(call).rejects.toThrow("run 0");
  const next = fly();
  land(1);
  await expect(next).resolves.toBe(1);
});

test("idle resolves when nothing runs, and after a run whether it succeeds or fails", async () => {
  const { run, crash } = flights();
  const fly = createSingleFlight(run);
  await fly.idle();
  const call = fly();
  call.catch(() => undefined);
  let idle = false;
  const waiting = fly.idle().then(() => (idle = true));
  await Promise.resolve();
  expect(idle).toBe(false);
  crash(0);
  await waiting;
});
