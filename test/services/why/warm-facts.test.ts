import { expect, test } from "vitest";
import type { FactReader } from "../../../services/why/facts.ts";
import { createWarmFacts } from "../../../services/why/warm-facts.ts";
import { good, symptom, target } from "./cases.ts";

const gone = symptom("CONNECT_TIMEOUT");

function warm(read: FactReader["of"] = () => Promise.resolve(good)) {
  let now = 0;
  let rounds = 0;
  const clock = { now: () => now, monotonic: () => now };
  const facts = createWarmFacts({
    target,
    clock,
    maxAgeMs: 1000,
    read: () => {
      rounds += 1;
      return { of: read, service: () => Promise.resolve({ target }) };
    },
  });
  return { facts, rounds: () => rounds, pass: (ms: number) => (now += ms) };
}

test("the first question is told that it is being read, the next one has it with its age", async () => {
  const { facts, rounds, pass } = warm();
  expect(facts.current([gone])).toMatchObject({ pending: new Set(["postgres"]), refreshing: true });
  facts.current([gone]);
  expect(rounds()).toBe(1);
  await facts.idle();
  pass(700);
  const known = facts.current([gone]);
  expect(known).toMatchObject({ pending: new Set(), ageMs: 700, refreshing: false });
  expect(known.cloud.get("postgres")).toBe(good);
});

test("what is old is still told while newer is read, once however many ask", async () => {
  const { facts, rounds, pass } = warm();
  facts.current([gone]);
  await facts.idle();
  pass(1500);
  for (let asked = 0; asked < 5; asked++) expect(facts.current([gone]).cloud.size).toBe(1);
  expect(rounds()).toBe(2);
  await facts.idle();
  expect(facts.current([gone]).ageMs).toBe(0);
});

test("another cause of the same dependency has its own facts read", async () => {
  const { facts, rounds } = warm();
  facts.current([gone]);
  await facts.idle();
  expect(facts.current([symptom("CONNECT_REFUSED")]).pending).toEqual(new Set(["postgres"]));
  expect(rounds()).toBe(2);
  await facts.idle();
});

test("a round that fails leaves what was known, and the next question begins another", async () => {
  let fails = false;
  const { facts, rounds, pass } = warm(() =>
    fails ? Promise.reject(new Error("no")) : Promise.resolve(good),
  );
  facts.current([gone]);
  await facts.idle();
  fails = true;
  pass(1500);
  facts.current([gone]);
  await facts.idle();
  expect(facts.current([gone])).toMatchObject({ ageMs: 1500, refreshing: true });
  expect(rounds()).toBe(3);
  await facts.idle();
});

test("after it is closed nothing is read any more", () => {
  const { facts, rounds } = warm();
  facts.close();
  expect(facts.current([gone]).refreshing).toBe(false);
  expect(rounds()).toBe(0);
});

test("of the service by itself nothing is read unless it is wanted, and nothing for what no cloud explains", async () => {
  const { facts, rounds } = warm();
  expect(facts.current([symptom("DATABASE_MISSING")])).toEqual({
    cloud: new Map(),
    pending: new Set(),
    refreshing: false,
  });
  expect(rounds()).toBe(0);
  expect(facts.current([], { service: true })).toMatchObject({ refreshing: true });
  await facts.idle();
  expect(facts.current([], { service: true })).toMatchObject({ service: { target }, ageMs: 0 });
  expect(facts.current([])).not.toHaveProperty("service");
});
