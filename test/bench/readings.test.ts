import { describe, expect, it } from "vitest";
import { parseCores } from "../../bench/cores.ts";
import { pingsIn } from "../../bench/counters.ts";
import { parseCore } from "../../bench/proc.ts";
import { parseWrk } from "../../bench/wrk-output.ts";

const wrk = `Running 1s test @ http://127.0.0.1:21003/health/database
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms    2.63ms  56.18ms   95.83%
    Req/Sec    49.77k     5.94k   58.03k    81.82%
  Latency Distribution
     50%  503.00us
     75%  804.00us
     90%    1.61ms
     99%    1.20s
  54478 requests in 1.10s, 53.61MB read
Requests/sec:  49550.12
Transfer/sec:     48.76MB
`;

describe("the output of wrk", () => {
  it("is read with its units", () => {
    expect(parseWrk(wrk)).toEqual({
      requests: 54_478,
      seconds: 1.1,
      requestsPerSecond: 49_550.12,
      p50Ms: 0.503,
      p99Ms: 1200,
      bad: 0,
      socketErrors: 0,
    });
  });

  it("is read with its errors", () => {
    const failing = wrk.replace(
      "Requests/sec",
      "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 54478\nRequests/sec",
    );
    expect(parseWrk(failing)).toMatchObject({ bad: 54_478, socketErrors: 10 });
  });

  it("is shown when it is something else", () => {
    expect(() => parseWrk("unable to connect to 127.0.0.1:1")).toThrow(/unable to connect/);
  });
});

describe("the kernel's texts", () => {
  it("name single cores and ranges", () => {
    expect(parseCores("0-1")).toEqual([0, 1]);
    expect(parseCores("2,5-7")).toEqual([2, 5, 6, 7]);
    expect(parseCores("")).toEqual([]);
  });

  it("give the work of one core, interrupts left out", () => {
    const text =
      "cpu  100 0 0 0 0 0 0 0 0 0\ncpu0 10 2 3 900 5 70 80 4 0 0\ncpu10 1 1 1 1 1 1 1 1 0 0\nintr 1\n";
    expect(parseCore(text, 0)).toBe(190);
    expect(parseCore(text, 10)).toBe(40);
    expect(parseCore(text, 3)).toBeNaN();
  });
});

describe("Redis' command statistics", () => {
  const info =
    "# Commandstats\r\ncmdstat_role:calls=7,usec=1\r\ncmdstat_ping:calls=42,usec=16,usec_per_call=0.4\r\n";

  it("count the pings", () => {
    expect(pingsIn(info)).toBe(42);
  });

  it("lack commands that nobody has sent", () => {
    expect(pingsIn("# Commandstats\r\n")).toBe(0);
  });
});
