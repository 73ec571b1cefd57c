import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../services/clock.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { AuthOptions } from "../../services/dependencies/options.ts";
import { createObserver, type Observer } from "../../services/probe/observer.ts";
import type { Observation } from "../../services/probe/observation.ts";
import { startDependency } from "../../src/sandbox/environment.ts";
import { authOptions, candidateFor, CANARY, diagnoseAuth, mockFor } from "../support/auth.ts";
import { useDependency } from "../support/environment.ts";
import { found } from "../service/found.ts";
import { eventually } from "../support/wait.ts";

const staging = await useDependency("auth", { auth: { clientSecret: CANARY } });
const local = await useDependency("auth", { auth: { clientSecret: CANARY, service: "local-auth" } });
const mock = await useDependency("auth-mock");
const all = [staging, local, mock];

const first = () => candidateFor(staging.url(), { name: "staging", client: {} });
const second = () => candidateFor(local.url(), { name: "local", kind: "emulator", service: "local-auth" });
const third = () => mockFor(mock.url());
const forbidden = { allowed: false, because: "strict mode" } as const;

afterEach(async () => {
  await Promise.all(all.map((each) => each.setMode("none")));
});

/** An observer of these candidates, closed after the test, and how often it was told of a lost connection. */
async function observing(options: AuthOptions): Promise<{
  observe: () => Promise<Observation>;
  observer: Observer;
  lost: () => number;
}> {
  const dependency = await createDependency(options);
  const { signal } = new AbortController();
  let lost = 0;
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => void (lost += 1) });
  onTestFinished(() => observer.close());
  return { observer, observe: () => observer.observe(signal), lost: () => lost };
}

const codes = (observation: Pick<Observation, "discovery">): (string | undefined)[] =>
  observation.discovery?.candidates.map(({ cause }) => cause?.code) ?? [];

describe("of several candidates", () => {
  test("the first serves while it is well; the others are not waited for, and none keeps a socket", async () => {
    const { observe, observer } = await observing(authOptions([first(), second(), third()]));
    const observation = await observe();
    expect(observation).toMatchObject({
      status: "pass",
      discovery: { serving: { name: "staging", assurance: "real" } },
    });
    expect(codes(observation)).toEqual([undefined, "NOT_EVALUATED", "NOT_EVALUATED"]);
    await eventually(() => local.proxy.connections() === 0 && mock.proxy.connections() === 0);
    expect(staging.proxy.connections()).toBeGreaterThan(0);
    observer.close();
    await eventually(() => staging.proxy.connections() === 0);
  });

  test("the ladder climbs all of them, and shows the rungs of each", async () => {
    await staging.setMode("refuse");
    const { ladder, observation } = await diagnoseAuth(authOptions([first(), second(), third()]));
    expect(ladder).toMatchObject({ status: "warn", cause: { code: "FALLBACK_SERVES", rung: "assert" } });
    expect(ladder.discovery?.serving).toEqual({ name: "local", assurance: "emulator" });
    expect(ladder.candidates?.map(({ name, rungs }) => [name, rungs.map((rung) => rung.status)])).toEqual([
      ["staging", ["pass", "fail", ...Array.from({ length: 5 }, () => "unknown")]],
      ["local", Array.from({ length: 7 }, () => "pass")],
      ["mock", Array.from({ length: 7 }, () => "pass")],
    ]);
    expect(observation).toMatchObject({ status: "warn", cause: { code: "FALLBACK_SERVES" } });
    expect(codes(observation)).toEqual(["CONNECT_REFUSED", undefined, "NOT_EVALUATED"]);
  });

  test("a mock serves with MOCK_SERVES where it may, and nobody serves where it may not", async () => {
    await staging.setMode("refuse");
    await local.setMode("down");
    const candidates = [first(), second(), third()];
    const allowed = await diagnoseAuth(authOptions(candidates));
    expect(allowed.observation).toMatchObject({
      status: "warn",
      cause: { code: "MOCK_SERVES", message: expect.stringContaining("local REPORTS_DOWN") },
      discovery: { serving: { name: "mock", assurance: "mock" } },
    });
    const strict = await diagnoseAuth(authOptions(candidates, { mocks: forbidden }));
    for (const { discovery, cause } of [
      strict.observation as { cause?: object } & Observation,
      strict.ladder,
    ]) {
      expect(discovery?.serving).toBeUndefined();
      expect(codes(discovery === undefined ? {} : { discovery })).toEqual([
        "CONNECT_REFUSED",
        "REPORTS_DOWN",
        "MOCK_NOT_ALLOWED",
      ]);
      expect(cause).toMatchObject({ code: "CONNECT_REFUSED" });
    }
    expect(strict.observation).toMatchObject({
      status: "fail",
      cause: {
        message: expect.stringContaining(
          "staging CONNECT_REFUSED, local REPORTS_DOWN, mock MOCK_NOT_ALLOWED",
        ),
      },
    });
    expect(strict.ladder.discovery?.candidates[2]?.cause?.message).toContain("strict mode");
  });

  test("a mock that answers everything serves nobody, even where mocks may", async () => {
    await mock.setMode("answers-everything");
    const { observation } = await diagnoseAuth(authOptions([third()]));
    expect(observation).toMatchObject({ status: "fail", cause: { code: "ANSWERS_EVERYTHING" } });
  });

  test("a mock at the URL of the real service serves nobody: it has no keys, and verifies nothing", async () => {
    const posing = candidateFor(mock.url(), { client: {}, service: "mock-auth" });
    const { observation } = await diagnoseAuth(authOptions([posing]));
    expect(observation).toMatchObject({ status: "fail", cause: { code: "JWKS_INVALID" } });
  });

  test("with three that swallow everything, the fourth serves within the deadline", async () => {
    const holes = await Promise.all(
      ["one", "two", "three"].map(async (name) => {
        const hole = await startDependency("auth");
        onTestFinished(() => hole.close());
        await hole.setMode("blackhole");
        return { hole, candidate: candidateFor(hole.url(), { name, client: {} }) };
      }),
    );
    const deadlines = { resolveMs: 500, connectMs: 600, queryMs: 400, totalMs: 3000 };
    const candidates = [...holes.map(({ candidate }) => candidate), first()];
    const { observe, observer } = await observing(authOptions(candidates, { deadlines }));
    const before = await observe();
    expect(before).toMatchObject({
      status: "warn",
      cause: { code: "FALLBACK_SERVES" },
      discovery: { serving: { name: "staging" } },
    });
    expect(before.durationMs).toBeLessThan(3000);
    expect(codes(before)).toEqual(["QUERY_TIMEOUT", "QUERY_TIMEOUT", "QUERY_TIMEOUT", undefined]);
    const after = await observe();
    expect(after, "what was silent before is not asked twice").toMatchObject({ status: "warn" });
    expect(after.durationMs).toBeLessThan(before.durationMs);
    observer.close();
    await eventually(() => holes.every(({ hole }) => hole.proxy.connections() === 0));
  });
});

describe("from one observation to the next", () => {
  test("the one that serves gets a light check until its time is over, then all are probed again", async () => {
    const { observe } = await observing(authOptions([first(), second()], { ttlMs: 2000 }));
    await observe();
    await staging.setMode("client-rejected");
    expect(await observe(), "a light check asks for no token").toMatchObject({ status: "pass" });
    const failed = await found(async () => {
      const observation = await observe();
      return observation.status === "pass" ? false : observation;
    });
    expect(failed).toMatchObject({ status: "warn", discovery: { serving: { name: "local" } } });
    expect(codes(failed)).toEqual(["CLIENT_REJECTED", undefined]);
  });

  test("when it fails, the next one serves within the same observation", async () => {
    const { observe } = await observing(authOptions([first(), second()]));
    expect(await observe()).toMatchObject({ status: "pass" });
    await staging.setMode("blackhole");
    const observation = await observe();
    expect(observation).toMatchObject({ status: "warn", cause: { code: "FALLBACK_SERVES" } });
    expect(codes(observation)).toEqual(["QUERY_TIMEOUT", undefined]);
  });

  test("when it degrades, that shows at once", async () => {
    const { observe } = await observing(authOptions([first(), second()]));
    await observe();
    await staging.setMode("degraded");
    expect(await observe()).toMatchObject({
      status: "warn",
      cause: { code: "REPORTS_DEGRADED" },
      discovery: { serving: { name: "staging" } },
    });
    await local.setMode("blackhole");
    expect(await observe(), "it is spared while it suffers").toMatchObject({ status: "warn" });
    await staging.setMode("none");
    expect(await observe()).toMatchObject({ status: "pass" });
  });

  test("when it is well again, it serves again at the next observation", async () => {
    await staging.setMode("refuse");
    const { observe } = await observing(authOptions([first(), second()]));
    expect(await observe()).toMatchObject({ status: "warn" });
    await staging.setMode("none");
    expect(await observe()).toMatchObject({ status: "pass", discovery: { serving: { name: "staging" } } });
  });

  test("a server that is killed is told at once, without an observation", async () => {
    const { observe, lost } = await observing(authOptions([first(), second()]));
    await observe();
    await staging.setMode("refuse");
    await eventually(() => lost() === 1);
    expect(await observe()).toMatchObject({ status: "warn", discovery: { serving: { name: "local" } } });
  });

  test("an answer slower than allowed is SLOW, of the light check and not of a discovery", async () => {
    await staging.setMode("latency", { ms: 60 });
    const slow = await observing(authOptions([first(), second()], { warnAboveMs: 50 }));
    expect(await slow.observe()).toMatchObject({ status: "warn", cause: { code: "SLOW" } });
    expect(await slow.observe()).toMatchObject({ status: "warn", cause: { code: "SLOW" } });
    await staging.setMode("none");
    const quick = await observing(authOptions([first(), second()], { warnAboveMs: 300, ttlMs: 1 }));
    for (let time = 0; time < 3; time += 1) expect(await quick.observe()).toMatchObject({ status: "pass" });
  });
});
