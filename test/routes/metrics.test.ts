import { expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { parseExposition, valueOf } from "../services/metrics/parse-exposition.ts";
import { useApplication } from "../service/application.ts";
import { askQuickly } from "../service/ask.ts";
import { found } from "../service/found.ts";

const redis = await useDependency("redis");
const { url } = await useApplication({
  env: {
    REDIS_URL: redis.url(),
    GREENLIGHT_PROBE_BREAKER_FAILURES: "2",
    GREENLIGHT_ENVIRONMENT: "metrics-test",
  },
});

const metrics = async (): Promise<string> => (await askQuickly(`${url}/metrics`)).text;
const of = (text: string, name: string, labels: Record<string, string> = {}): number =>
  valueOf(text, `greenlight_${name}`, labels);

const until = (holds: (text: string) => boolean): Promise<string> =>
  found(
    async () => {
      const text = await metrics();
      return holds(text) ? text : false;
    },
    { deadlineMs: 15_000 },
  );

test("the answer is the text format, read by a strict reader, with every name prefixed", async () => {
  const answer = await askQuickly(`${url}/metrics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const families = [...parseExposition(answer.text).values()];
  expect(families.every(({ name, help }) => name.startsWith("greenlight_") && help !== "")).toBe(true);
  expect(families.filter(({ type }) => type === "counter").every(({ name }) => name.endsWith("_total"))).toBe(
    true,
  );
  expect(of(answer.text, "build_info", { environment: "metrics-test", version: "0.0.0-test" })).toBe(1);
});

test("the values follow a fault and the recovery", async () => {
  const well = await until((text) => of(text, "dependency_up", { dependency: "redis", kind: "redis" }) === 1);
  expect(of(well, "circuit_state", { state: "closed" })).toBe(1);
  expect(of(well, "dependency_required")).toBe(1);
  expect(of(well, "dependency_observation_age_seconds")).toBeLessThan(30);
  expect(Math.abs(of(well, "dependency_last_success_timestamp_seconds") - Date.now() / 1000)).toBeLessThan(
    30,
  );
  expect(of(well, "dependency_cause")).toBeNaN();

  await redis.proxy.setMode("refuse");
  const ill = await until((text) => of(text, "circuit_state", { state: "open" }) === 1);
  expect(of(ill, "dependency_up")).toBe(0);
  expect(of(ill, "circuit_state", { state: "closed" })).toBe(0);
  expect(of(ill, "dependency_cause", { cause: "CONNECT_REFUSED" })).toBe(1);
  expect(of(ill, "observation_failures_total", { cause: "CONNECT_REFUSED" })).toBeGreaterThanOrEqual(2);
  expect(of(ill, "circuit_transitions_total", { from: "closed", to: "open" })).toBe(1);

  await redis.proxy.setMode("none");
  const again = await until((text) => of(text, "dependency_up") === 1);
  expect(of(again, "dependency_cause")).toBeNaN();
  expect(of(again, "circuit_transitions_total", { from: "open", to: "closed" })).toBe(1);
  expect(of(again, "observation_duration_seconds_count")).toBeGreaterThan(
    of(well, "observation_duration_seconds_count"),
  );
  expect(of(again, "observation_failures_total")).toBeGreaterThanOrEqual(2);
});
