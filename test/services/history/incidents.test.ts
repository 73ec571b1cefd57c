import { beforeEach, expect, test } from "vitest";
import type { Incident } from "../../../services/history/incident.ts";
import { createIncidents, type Incidents } from "../../../services/history/incidents.ts";
import { fakeMonitor, type FakeMonitor, movedClock, type MovedClock } from "../gate/fake-monitor.ts";

let clock: MovedClock;
let monitor: FakeMonitor;
let incidents: Incidents;

beforeEach(() => {
  clock = movedClock();
  monitor = fakeMonitor(["redis", "postgres"], clock);
  incidents = createIncidents({ monitor, clock, capacity: 3 });
});

const REFUSED = { status: "fail", code: "CONNECT_REFUSED" } as const;
const SLOW = { status: "warn", code: "MOCK_SERVES" } as const;

const namesSince = (ms: number): string[] => incidents.since(ms).map(({ dependency }) => dependency);

test("an incident begins with the first word that is no pass and ends with the next pass", () => {
  const told: Incident[] = [];
  incidents.subscribe((incident) => void told.push(incident));
  monitor.say("redis");
  const lastPassAt = clock.now();
  clock.add(1000);
  monitor.say("redis", REFUSED);
  const startedAt = clock.now();
  clock.add(1000);
  monitor.say("redis", REFUSED);
  expect(told, "a repetition is no news").toHaveLength(1);
  expect(incidents.since()).toMatchObject([
    { dependency: "redis", status: "fail", startedAt, lastPassAt, codes: ["CONNECT_REFUSED"] },
  ]);
  expect(incidents.since()[0]).not.toHaveProperty("endedAt");
  clock.add(1000);
  monitor.say("redis");
  expect(incidents.since()).toMatchObject([{ startedAt, endedAt: clock.now() }]);
  expect(told).toHaveLength(2);
  expect(incidents.counts.get("redis")).toBe(1);
});

test("one that was never seen to pass begins with its first word, without a last pass", () => {
  monitor.say("redis", REFUSED);
  expect(incidents.since()[0]).not.toHaveProperty("lastPassAt");
});

test("the cause of the worst is kept: a warning on the way back up does not explain the failure", () => {
  monitor.say("redis", SLOW);
  monitor.say("redis", REFUSED);
  monitor.say("redis", { status: "fail", code: "AUTH_FAILED" });
  monitor.say("redis", SLOW);
  expect(incidents.since()).toMatchObject([
    {
      status: "fail",
      cause: { code: "AUTH_FAILED" },
      codes: ["MOCK_SERVES", "CONNECT_REFUSED", "AUTH_FAILED"],
    },
  ]);
});

test("those that ended before a moment are left out, those that last are not", () => {
  monitor.say("redis", REFUSED);
  monitor.say("postgres", REFUSED);
  clock.add(1000);
  monitor.say("redis");
  expect(namesSince(clock.now())).toEqual(["redis", "postgres"]);
  expect(namesSince(clock.now() + 1)).toEqual(["postgres"]);
});

test("the oldest that have ended are forgotten, those that last never", () => {
  monitor.say("postgres", REFUSED);
  for (let round = 0; round < 10; round += 1) {
    monitor.say("redis", REFUSED);
    clock.add(1000);
    monitor.say("redis");
  }
  const kept = incidents.since();
  expect(kept.map(({ dependency }) => dependency)).toEqual(["postgres", "redis", "redis", "redis"]);
  expect(new Set(kept.map(({ id }) => id)).size).toBe(4);
});

test("a clock that is set back makes no incident that ends before it began", () => {
  monitor.say("redis", REFUSED);
  clock.setWall(clock.now() - 3_600_000);
  monitor.say("redis");
  const [incident] = incidents.since();
  expect(incident?.endedAt).toBe(incident?.startedAt);
});

test("after close nothing is joined any more", () => {
  incidents.close();
  monitor.say("redis", REFUSED);
  expect(incidents.since()).toEqual([]);
});
