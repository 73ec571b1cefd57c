import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { RUNGS } from "../../services/causes.ts";
import type { AuthOptions } from "../../services/dependencies/options.ts";
import { startApplication } from "../service/application.ts";
import { type Answer, ask, askQuickly, checkOf } from "../service/ask.ts";
import { found } from "../service/found.ts";
import { authOptions, candidateFor, CANARY, expectNoSecret, mockFor } from "../support/auth.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { parseExposition } from "../services/metrics/parse-exposition.ts";

const staging = await useDependency("auth", { auth: { clientSecret: CANARY } });
const local = await useDependency("auth", { auth: { clientSecret: CANARY } });
const mock = await useDependency("auth-mock");
const all = [staging, local, mock];

const candidates = () => [
  candidateFor(staging.url(), { name: "staging", client: {} }),
  candidateFor(local.url(), { name: "local", kind: "emulator", client: {} }),
  mockFor(mock.url()),
];

beforeEach(() => Promise.all(all.map((each) => each.setMode("none"))));

/** The service with these candidates; stopped after the test, when every socket must have ended. */
async function serve(given: Partial<AuthOptions> = {}): Promise<string> {
  const options = authOptions(candidates(), { intervalMs: 200, ttlMs: 1000, ...given });
  const application = await startApplication({ env: {}, dependencies: [options] });
  onTestFinished(async () => {
    await application.close();
    await eventually(() => all.every(({ proxy }) => proxy.connections() === 0));
  });
  return application.url;
}

/** The members of the check of the auth service that this file is about. */
interface AuthCheck {
  readonly status: string;
  readonly componentType: string;
  readonly serving?: string;
  readonly assurance?: string;
  readonly cause?: { readonly code: string; readonly message: string };
  readonly candidates: readonly {
    readonly name: string;
    readonly kind: string;
    readonly status: string;
    readonly serves: boolean;
    readonly cause?: { readonly code: string; readonly message: string; readonly remedies: string[] };
  }[];
}

const authIn = (answer: Answer): AuthCheck => checkOf(answer, "auth") as unknown as AuthCheck;

/** Asks until `holds`; every answer on the way comes at once and shows no secret. */
async function health(url: string, holds: (check: AuthCheck, answer: Answer) => boolean): Promise<Answer> {
  return found(
    async () => {
      const answer = await askQuickly(`${url}/health/auth`);
      expectNoSecret(answer.text);
      return answer.status !== 404 && holds(authIn(answer), answer) ? answer : false;
    },
    { deadlineMs: 15_000 },
  );
}

const passes = ({ status }: AuthCheck): boolean => status === "pass";
const warns = ({ status }: AuthCheck): boolean => status === "warn";
const fails = ({ status, cause }: AuthCheck): boolean => status === "fail" && cause?.code !== "NOT_EVALUATED";
const codes = ({ candidates: list }: AuthCheck): (string | undefined)[] =>
  list.map(({ cause }) => cause?.code);

describe("GET /health/auth", () => {
  test("shows which candidate serves, and how much that proves", async () => {
    const url = await serve();
    const answer = await health(url, passes);
    expect(answer.status).toBe(200);
    expect(authIn(answer)).toMatchObject({
      componentType: "component",
      serving: "staging",
      assurance: "real",
      candidates: [
        { name: "staging", kind: "real", status: "pass", serves: true },
        { name: "local", kind: "emulator", status: "unknown", serves: false },
        { name: "mock", kind: "mock", status: "unknown", serves: false },
      ],
    });
  });

  test("shows the fallback as a warning, with why the first does not serve, and recovers by itself", async () => {
    const url = await serve();
    const well = await health(url, passes);
    await staging.setMode("refuse");
    const answer = await health(url, warns);
    expect(answer.status).toBe(200);
    const check = authIn(answer);
    expect(check).toMatchObject({
      serving: "local",
      assurance: "emulator",
      cause: { code: "FALLBACK_SERVES", message: "local serves; before it: staging CONNECT_REFUSED" },
    });
    expect(codes(check)).toEqual(["CONNECT_REFUSED", undefined, "NOT_EVALUATED"]);
    const port = String(staging.proxy.port);
    expect(check.candidates[0]?.cause?.remedies.join(" "), "the candidate's own address").toContain(port);
    await local.setMode("refuse");
    const mocked = await health(url, ({ serving }) => serving === "mock");
    expect(authIn(mocked)).toMatchObject({ assurance: "mock", cause: { code: "MOCK_SERVES" } });
    expect(new Set([well, answer, mocked].map(({ headers }) => headers.get("etag"))).size).toBe(3);
    await staging.setMode("none");
    expect(authIn(await health(url, passes)).serving).toBe("staging");
  });

  test("fails where no mock may serve, with the cause of each candidate, and recovers by itself", async () => {
    const url = await serve({ mocks: { allowed: false, because: "strict mode" } });
    await health(url, passes);
    await staging.setMode("refuse");
    await local.setMode("down");
    const answer = await health(url, (check) => fails(check) && codes(check)[1] === "REPORTS_DOWN");
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const check = authIn(answer);
    expect(check.serving).toBeUndefined();
    expect(check.assurance).toBeUndefined();
    expect(check.candidates.map(({ status, serves }) => [status, serves])).toEqual([
      ["fail", false],
      ["fail", false],
      ["fail", false],
    ]);
    expect(codes(check)).toEqual(["CONNECT_REFUSED", "REPORTS_DOWN", "MOCK_NOT_ALLOWED"]);
    expect(check.candidates[2]?.cause?.message).toContain("strict mode");
    await local.setMode("none");
    expect(authIn(await health(url, warns)).serving).toBe("local");
    await staging.setMode("none");
    await health(url, passes);
  });

  test("answers at once from the snapshot while a discovery waits for what swallows everything", async () => {
    const url = await serve();
    await health(url, passes);
    await staging.setMode("blackhole");
    const deadline = performance.now() + 5000;
    let seen: AuthCheck | undefined;
    while (performance.now() < deadline && seen?.serving !== "local") {
      const answer = await askQuickly(`${url}/health/auth`);
      seen = authIn(answer);
      expect(answer.status, "the last word, and then the fallback: never a failure between").toBe(200);
    }
    expect(seen).toMatchObject({ status: "warn", serving: "local" });
  });

  test("a rediscovery after the time to live changes nothing that is shown", async () => {
    const url = await serve({ ttlMs: 50, intervalMs: 50 });
    const { headers } = await health(url, passes);
    const end = performance.now() + 1000;
    while (performance.now() < end) {
      const answer = await askQuickly(`${url}/health/auth`);
      expect(answer.headers.get("etag")).toBe(headers.get("etag"));
    }
  });

  test("the open breaker does not keep a recovered candidate away", async () => {
    const url = await serve({ mocks: { allowed: false, because: "strict mode" } });
    await staging.setMode("refuse");
    await local.setMode("down");
    await health(url, (_check, answer) => checkOf(answer, "auth").breaker.state === "open");
    await local.setMode("none");
    expect(authIn(await health(url, warns)).serving).toBe("local");
  });
});

test("?fresh=1 looks at all candidates again, however long one may serve", async () => {
  const url = await serve({ ttlMs: 600_000 });
  await health(url, passes);
  await staging.setMode("wrong-issuer");
  const { body } = await ask(`${url}/health/auth?fresh=1`);
  const check = authIn({ body } as Answer);
  expect(check).toMatchObject({ status: "warn", serving: "local" });
  expect(codes(check)[0]).toBe("ISSUER_MISMATCH");
});

test("/events tells which candidate serves, also when nothing else changes", async () => {
  const options = authOptions(candidates(), { intervalMs: 200, ttlMs: 300 });
  const { services, close } = await startApplication({ env: {}, dependencies: [options] });
  const serving: unknown[] = [];
  services.feed.subscribe((event) => {
    if (event.type === "status") serving.push(event.serving);
  });
  await eventually(() => serving.at(-1) === "staging");
  await staging.setMode("wrong-issuer");
  await eventually(() => serving.at(-1) === "local");
  await Promise.all([local.setMode("refuse"), mock.setMode("refuse")]);
  await eventually(() => serving.at(-1) === null);
  await close();
});

describe("GET /why/auth", () => {
  interface Why {
    readonly status: string;
    readonly summary: string;
    readonly nextSteps: string[];
    readonly candidates: readonly {
      readonly name: string;
      readonly serves: boolean;
      readonly rungs: readonly { readonly rung: string; readonly status: string }[];
      readonly cause?: { readonly code: string };
      readonly nextSteps: string[];
    }[];
  }
  const why = async (url: string): Promise<Why> => {
    const { text } = await ask(`${url}/why/auth`);
    expectNoSecret(text);
    return JSON.parse(text) as Why;
  };

  test("shows every candidate with all its rungs, and what puts each right", async () => {
    const url = await serve();
    await health(url, passes);
    const well = await why(url);
    expect(well).toMatchObject({ status: "pass", summary: "auth passes: all 7 rungs hold." });
    for (const { rungs } of well.candidates)
      expect(rungs.map(({ rung, status }) => [rung, status])).toEqual(RUNGS.map((rung) => [rung, "pass"]));
    await staging.setMode("refuse");
    await health(url, warns);
    const warned = await found(async () => {
      const body = await why(url);
      return body.candidates[0]?.cause === undefined ? false : body;
    });
    expect(warned.summary).toContain("FALLBACK_SERVES");
    expect(warned.candidates.map(({ name, serves }) => [name, serves])).toEqual([
      ["staging", false],
      ["local", true],
      ["mock", false],
    ]);
    const [first] = warned.candidates;
    expect(first?.cause?.code).toBe("CONNECT_REFUSED");
    expect(first?.rungs.map(({ status }) => status).slice(0, 3)).toEqual(["pass", "fail", "unknown"]);
    expect(first?.nextSteps.join(" ")).toContain(String(staging.proxy.port));
    expect(JSON.stringify(warned)).not.toContain("(none given)");
  });

  test("of a failing one it shows what was climbed when it broke", async () => {
    const url = await serve({ mocks: { allowed: false, because: "strict mode" } });
    await staging.setMode("refuse");
    await local.setMode("refuse");
    await health(url, (check, answer) => fails(check) && checkOf(answer, "auth").rungs !== undefined);
    const body = await why(url);
    expect(body.status).toBe("fail");
    expect(body.candidates.map(({ rungs }) => rungs.length)).toEqual([7, 7, 7]);
    expect(body.candidates.map(({ cause }) => cause?.code)).toEqual([
      "CONNECT_REFUSED",
      "CONNECT_REFUSED",
      "MOCK_NOT_ALLOWED",
    ]);
  });
});

describe("GET /metrics", () => {
  afterEach(() => staging.setMode("none"));

  test("counts the candidate that serves", async () => {
    const url = await serve();
    await health(url, passes);
    await staging.setMode("refuse");
    await health(url, warns);
    const { text } = await ask(`${url}/metrics`);
    expectNoSecret(text);
    const family = parseExposition(text).get("greenlight_auth_candidate_serves");
    expect(family?.samples.map(({ labels, value }) => [labels["candidate"], labels["kind"], value])).toEqual([
      ["staging", "real", 0],
      ["local", "emulator", 1],
      ["mock", "mock", 0],
    ]);
  });
});
