import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Cause, CauseCode } from "../../../services/causes.ts";
import { causeOf } from "../../../services/causes.ts";
import { chooseCandidate } from "../../../services/dependencies/auth/choose.ts";
import type { Candidate, Dependency } from "../../../services/dependencies/dependency.ts";
import type { Observation } from "../../../services/probe/observation.ts";
import { isReachable, knockAny } from "../../../services/probe/reach.ts";
import { freePort } from "../../../src/sandbox/ports.ts";

const { signal } = new AbortController();
const cause = (code: CauseCode): Cause => ({ code, rung: causeOf(code).rung ?? "query", message: "m" });
const single = {} as Dependency;

function of(ports: readonly number[], barred: readonly boolean[] = []): Dependency {
  const candidates = ports.map((port, index): Candidate => {
    const endpoint = { host: "127.0.0.1", port };
    const bar = barred[index] === true ? { barred: { code: "MOCK_NOT_ALLOWED" as const, message: "m" } } : {};
    const dependency = { target: { ...endpoint, endpoint } } as unknown as Dependency;
    return Object.assign({ name: `c${index}`, kind: "real" as const, dependency }, bar);
  });
  return {
    target: candidates[0]?.dependency.target,
    discovery: { candidates, choose: (causes) => chooseCandidate(candidates, causes), last: () => undefined },
  } as Partial<Dependency> as Dependency;
}

function failed(code: CauseCode, dependency?: Dependency, codes: readonly CauseCode[] = []): Observation {
  const discovery = dependency?.discovery?.choose(codes.map(cause));
  return {
    status: "fail",
    cause: cause(code),
    at: 0,
    durationMs: 0,
    ...(discovery === undefined ? {} : { discovery }),
  };
}

async function listening(): Promise<number> {
  const server = createServer((socket) => void socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe("whether to knock before the next try", () => {
  test.each<[CauseCode, boolean]>([
    ["CONNECT_REFUSED", false],
    ["DNS_NOT_FOUND", false],
    ["LOGIN_TIMEOUT", true],
    ["AUTH_FAILED", true],
    ["ADDRESS_FORBIDDEN", true],
  ])("of a single server, after %s reachable is %s", (code, expected) => {
    expect(isReachable(single, failed(code))).toBe(expected);
  });

  test("of several, one that answers is enough; a barred one is none", () => {
    const two = of([1, 2]);
    expect(isReachable(two, failed("CONNECT_REFUSED", two, ["CONNECT_REFUSED", "REPORTS_DOWN"]))).toBe(true);
    expect(isReachable(two, failed("CONNECT_REFUSED", two, ["CONNECT_REFUSED", "DNS_NOT_FOUND"]))).toBe(
      false,
    );
    const barred = of([1, 2], [false, true]);
    expect(isReachable(barred, failed("CONNECT_REFUSED", barred, ["CONNECT_REFUSED", "REPORTS_DOWN"]))).toBe(
      false,
    );
    const none = of([1], [true]);
    expect(isReachable(none, failed("CONNECT_REFUSED", none, ["CONNECT_REFUSED"]))).toBe(true);
  });
});

describe("knockAny", () => {
  test("is answered when any that may serve accepts, and not by a barred one", async () => {
    const [open, closed] = [await listening(), await freePort()];
    expect(await knockAny(of([closed, open]), 500, signal)).toBe(true);
    expect(await knockAny(of([closed, open], [false, true]), 500, signal)).toBe(false);
    expect(await knockAny(of([closed]), 500, signal)).toBe(false);
  });
});
