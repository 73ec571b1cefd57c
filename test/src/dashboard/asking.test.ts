import { assert, array, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { createAgeClock } from "../../../src/dashboard/age-clock.js";
import { createApi } from "../../../src/dashboard/api.js";
import { createEventParser } from "../../../src/dashboard/event-stream.js";
import { follow } from "../../../src/dashboard/follow.js";
import { createLoader } from "../../../src/dashboard/loader.js";
import { concerns, wantedOf } from "../../../src/dashboard/schedule.js";
import { tokenIn } from "../../../src/dashboard/sign-in.js";
import type { Answer } from "../../../src/dashboard/types.ts";
import { latency, span, visible } from "../../../src/dashboard/words.js";
import { gate, gates, health, part, wellKnown } from "./known.ts";

const never = new AbortController().signal;
const pathsOf = (parts: ReturnType<typeof wellKnown>, runs = false) =>
  wantedOf(parts, { runs }).map(({ path }) => path);

function setUp(answers: Readonly<Record<string, Answer>> = {}) {
  let now = 0;
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const refusals: string[] = [];
  const known = wellKnown();
  const loader = createLoader({
    now: () => now,
    onChange: () => undefined,
    onRefused: ({ title }) => refusals.push(title),
    get(path) {
      asked.push(path);
      const answer = answers[path] ?? { ok: true, status: 200, body: known.get(path)?.body };
      return new Promise((resolve) => held.push(() => resolve(answer)));
    },
  });
  /** Lets all that is under way be answered, and what that leads to be asked. */
  async function answerAll(): Promise<void> {
    for (const answer of held.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { loader, asked, refusals, answerAll, held, passes: (ms: number) => (now += ms) };
}

const ask = (response: () => Response | Promise<Response>, token?: string) => {
  const requests: Request[] = [];
  const api = createApi({
    base: "https://greenlight.example/",
    token: () => token,
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      return response();
    },
  });
  return api.get("/gate/e2e", never).then((answer) => ({ answer, requests }));
};
const json = (status: number, type = "application/json") =>
  new Response('{"title":"T","detail":"D","run":"greenlight auth whoami"}', {
    status,
    headers: { "content-type": type },
  });

describe("what is asked for", () => {
  test("of what is well, neither reasons nor runs", () => {
    expect(pathsOf(wellKnown())).toEqual([
      "/gate",
      "/health",
      "/gate/database",
      "/gate/e2e",
      "/incidents",
      "/findings",
      "/context",
    ]);
    expect(pathsOf(wellKnown(), true)).toContain("/remediation/runs");
  });

  test("of a suite that is no go, its reason and the runs; a dependency that this explains is not asked about", () => {
    const reasons = [{ effect: "blocks", dependency: "postgres" }];
    const parts = wellKnown().set("/gate/e2e", part(gate("e2e", "wait", { reasons }), { status: 503 }));
    parts.set(
      "/health",
      part(health({ name: "postgres", status: "fail" }, { name: "redis", status: "warn" })),
    );
    const paths = pathsOf(parts);
    expect(paths).toContain("/why/e2e");
    expect(paths).toContain("/why/redis");
    expect(paths).toContain("/remediation/runs");
    expect(paths).not.toContain("/why/postgres");
    expect(paths).not.toContain("/why/database");
  });

  test("names are put into paths as one part of them", () => {
    expect(pathsOf(new Map([["/gate", part(gates("a/../b?c"))]]))).toContain("/gate/a%2F..%2Fb%3Fc");
  });

  test("each path once, and very many suites less often", () => {
    const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
    const wanted = wantedOf(new Map([["/gate", part(gates(...names, "s1"))]]), { runs: false });
    expect(new Set(wanted.map(({ path }) => path)).size).toBe(wanted.length);
    expect(wanted[0]).toEqual({ path: "/gate", everyMs: 25_250 });
  });

  test("an event has that asked for which it may have changed", () => {
    expect(
      ["/gate", "/health", "/why/e2e", "/incidents", "/findings"].filter((path) => concerns("status", path)),
    ).toEqual(["/gate", "/health", "/why/e2e", "/incidents"]);
    expect(["/findings", "/gate/e2e", "/health"].filter((path) => concerns("findings", path))).toEqual([
      "/findings",
      "/gate/e2e",
    ]);
    expect(["/remediation/runs", "/gate"].filter((path) => concerns("run", path))).toEqual([
      "/remediation/runs",
    ]);
  });
});

describe("the loader", () => {
  test("asks for one thing until anything is answered: whoever is refused is so once", async () => {
    const { loader, asked, answerAll } = setUp();
    loader.tick();
    loader.tick();
    expect(asked).toEqual(["/gate"]);
    await answerAll();
    expect(asked.slice(1).toSorted()).toEqual(
      ["/context", "/findings", "/gate/database", "/gate/e2e", "/health", "/incidents"].toSorted(),
    );
  });

  test("asks again when the time has come, and never twice at once", async () => {
    const { loader, asked, answerAll, passes } = setUp();
    loader.tick();
    await answerAll();
    await answerAll();
    asked.length = 0;
    passes(4999);
    loader.tick();
    expect(asked).toEqual([]);
    passes(1);
    loader.tick();
    loader.tick();
    expect(asked.toSorted()).toEqual(["/gate", "/gate/database", "/gate/e2e", "/health"]);
  });

  test("asks at once after an event, and once more for what was being asked for when it came", async () => {
    const { loader, asked, answerAll } = setUp();
    loader.tick();
    await answerAll();
    await answerAll();
    asked.length = 0;
    loader.hurry("findings");
    loader.tick();
    expect(asked).toContain("/findings");
    loader.hurry("findings");
    loader.tick();
    expect(asked.filter((path) => path === "/findings")).toHaveLength(1);
    await answerAll();
    expect(asked.filter((path) => path === "/findings")).toHaveLength(2);
  });

  test("tells of a refusal, and what comes after it was stopped changes nothing", async () => {
    const trouble = { kind: "refused", status: 401, title: "A token is needed", detail: "x" } as const;
    const { loader, refusals, answerAll } = setUp({ "/gate": { ok: false, trouble } });
    loader.tick();
    await answerAll();
    expect(refusals).toEqual(["A token is needed"]);
    const other = setUp();
    other.loader.tick();
    other.loader.stop({ forget: true });
    await other.answerAll();
    expect(other.loader.parts().size).toBe(0);
  });
});

describe("an answer", () => {
  test("of 200 and 503 as JSON is one; the token goes into one header and nowhere else", async () => {
    const { answer, requests } = await ask(() => json(503), "canary");
    expect(answer).toMatchObject({ ok: true, status: 503 });
    expect(requests[0]?.headers.get("authorization")).toBe("Bearer canary");
    expect(requests[0]?.url).toBe("https://greenlight.example/gate/e2e");
    expect((await ask(() => json(200))).requests[0]?.headers.get("authorization")).toBeNull();
  });

  test.each([
    ["a problem with 503", () => json(503, "application/problem+json"), "failed"],
    [
      "a page of a proxy",
      () => new Response("<h1>ok</h1>", { headers: { "content-type": "text/html" } }),
      "failed",
    ],
    ["500 as JSON", () => json(500), "failed"],
    ["401", () => json(401, "application/problem+json"), "refused"],
    ["403", () => json(403, "application/problem+json"), "refused"],
    [
      "JSON that is none",
      () => new Response("{", { headers: { "content-type": "application/json" } }),
      "unreachable",
    ],
    ["a connection that fails", () => Promise.reject(new TypeError("failed")), "unreachable"],
  ])("%s is none", async (_what, response, kind) => {
    expect((await ask(response)).answer).toMatchObject({ ok: false, trouble: { kind } });
  });

  test("a refusal brings what the service says of it", async () => {
    const { answer } = await ask(() => json(401, "application/problem+json"));
    expect(answer).toMatchObject({ trouble: { title: "T", detail: "D", run: "greenlight auth whoami" } });
  });
});

describe("events", () => {
  const stream =
    'retry: 2000\n\n: still here\n\nid: 4\nevent: status\ndata: {"a":1}\n\nid: 5\nevent: verdict\ndata: x\ndata: y\n\n';

  test("are the same in whatever pieces they come", () => {
    const whole = createEventParser()(stream);
    expect(whole).toEqual([
      { type: "status", id: "4", data: '{"a":1}' },
      { type: "verdict", id: "5", data: "x\ny" },
    ]);
    assert(
      property(array(integer({ min: 1, max: stream.length - 1 })), (cuts) => {
        const feed = createEventParser();
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const found = places.slice(1).flatMap((end, index) => feed(stream.slice(places[index], end)));
        expect(found).toEqual(whole);
      }),
    );
  });

  test("a line without an end is not kept for ever", () => {
    expect(() => createEventParser()("x".repeat(1_000_001))).toThrow(RangeError);
  });

  test("a stream that ends is opened again from its last event; one that is refused is not", async () => {
    const opened: string[] = [];
    const heard: string[] = [];
    const lives: boolean[] = [];
    const pauses: number[] = [];
    await follow({
      signal: never,
      pause: async (ms) => void pauses.push(ms),
      onEvent: (type) => heard.push(type),
      onLive: (live) => lives.push(live),
      async open(lastId) {
        opened.push(lastId);
        if (opened.length === 2) throw new TypeError("failed");
        return opened.length < 4 ? new Response(stream) : new Response("", { status: 401 });
      },
    });
    expect(opened).toEqual(["", "5", "5", "5"]);
    expect(heard).toEqual(["open", "status", "verdict", "open", "status", "verdict"]);
    expect(lives).toEqual([true, false, false, true, false, false]);
    expect(pauses).toEqual([2000, 4000, 2000]);
  });
});

describe("small things", () => {
  test("an age goes on while a machine sleeps, and never back when its clock is set", () => {
    const times = { monotonic: 0, wall: 1_000_000 };
    const now = createAgeClock({ monotonic: () => times.monotonic, wall: () => times.wall });
    times.monotonic = 1000;
    times.wall += 1000;
    expect(now()).toBe(1000);
    times.wall += 3_600_000;
    expect(now()).toBe(3_601_000);
    times.wall -= 7_200_000;
    times.monotonic += 500;
    expect(now()).toBe(3_601_500);
  });

  test.each([
    [0, "under 1 s"],
    [4200, "4 s"],
    [65_000, "1 min 5 s"],
    [3_600_000, "1 h"],
    [90_000_000, "1 d 1 h"],
  ])("%i ms is %s", (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  test("a latency shows what matters", () => {
    expect([latency(0.619), latency(52.96)]).toEqual(["0.6 ms", "53 ms"]);
  });

  test("characters that steer are shown as such, and all others stay", () => {
    expect(visible("a\u202Eb\u0007c\nd é 漢")).toBe("a\uFFFDb\uFFFDc d é 漢");
    assert(
      property(string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
      }),
    );
  });

  test("a token is one word, with or without the word before it", () => {
    expect(tokenIn("  Bearer abc.def \n")).toBe("abc.def");
    expect([tokenIn(""), tokenIn("two words"), tokenIn("é"), tokenIn("a".repeat(8193))]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
