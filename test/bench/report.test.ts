import { describe, expect, it } from "vitest";
import { readArguments } from "../../bench/arguments.ts";
import type { FaultResult } from "../../bench/parts/faults.ts";
import { renderMarkdown } from "../../bench/report/markdown.ts";
import { table } from "../../bench/report/table.ts";
import { gatherPeers } from "../../bench/run.ts";
import { evaluateTargets } from "../../bench/targets.ts";
import { figures, report } from "./report-fixture.ts";

/** The page with its padding taken out. */
const page = renderMarkdown(report).replace(/ +/g, " ");
const lineWith = (text: string): string => page.split("\n").find((line) => line.includes(text)) ?? "";

/** The same fault with no recovery of Greenlight's, and another slowest answer. */
function worsen(fault: FaultResult, slowestMs: number): FaultResult {
  const [own, ...others] = fault.servers;
  return own === undefined
    ? fault
    : {
        ...fault,
        servers: [{ ...own, outcome: { ...own.outcome, slowestMs, recoveryMs: null } }, ...others],
      };
}

describe("targets", () => {
  it("are met by figures within all bounds", () => {
    expect(evaluateTargets(figures).filter(({ met }) => met !== true)).toEqual([]);
  });

  it("are not measured when their part did not run", () => {
    const targets = evaluateTargets({});
    expect(targets.length).toBeGreaterThan(15);
    expect(targets.every(({ met, measured }) => met === null && measured === "not measured")).toBe(true);
  });

  it("are missed by what exceeds them, with the fault that did", () => {
    const faults = (figures.faults ?? []).map((fault, index) => worsen(fault, index === 0 ? 25 : 3));
    const missed = evaluateTargets({ ...figures, faults }).filter(({ met }) => met === false);
    expect(missed.map(({ measured }) => measured)).toEqual([
      "never",
      "25 ms (A; bare-node-http meanwhile 9 ms)",
    ]);
  });
});

describe("the target for access", () => {
  it("is missed by a server that refused its caller, however quick", () => {
    const access = (figures.access ?? []).map((each) => Object.assign({}, each, { bad: 3 }));
    const missed = evaluateTargets({ ...figures, access }).filter(({ met }) => met === false);
    expect(missed.map(({ measured }) => measured)).toEqual([
      "0.00 × (3 requests were refused)",
      "0.00 × (3 requests were refused)",
    ]);
  });
});

describe("the page", () => {
  it("compares within rounds and shows the peers beside", () => {
    expect(page).toContain(
      "| greenlight | 3 | 120,000 | 1.20 [1.20–1.20] | 1.00 [1.00–1.00] | 8.3 | 0.83 [0.83–0.83] | 0 |",
    );
    expect(page).toContain("| lightship | 3 | 90,000 |");
  });

  it("says in words what the clients saw of a fault", () => {
    expect(lineWith("A: Postgres frozen")).toBe(
      "| A: Postgres frozen | shown in 1.5 s; slowest 9 ms (p99 3 ms); recovery 300 ms | slowest 9 ms (p99 3 ms) |",
    );
    expect(page).toContain(
      "| A: Postgres frozen | **hangs**, 30 of 400 without an answer; **no recovery** | **false 200 throughout** |",
    );
    expect(page).toContain("| C: Postgres restarted | **process exits** |");
  });

  it("shows what a token costs, and how long discovery takes", () => {
    expect(page).toContain("| mode token, a static token | 32 | 57,000 | 0.95 [0.95–0.95] |");
    expect(page).toContain("The fourth served 480 ms after");
    expect(page).toContain("| greenlight | 12 | 30,000 | 0.40 | 1.90 | 2.40 |");
  });

  it("shows what the answers of others take under the same load", () => {
    expect(lineWith("p99 with all backends down, 256 connections |")).toBe(
      "| p99 with all backends down, 256 connections | ≤ 5 ms | 1.90 ms (in the same run bare Fastify 6.00 ms, a constant 1.90 ms) | met |",
    );
  });

  it("says which targets were met", () => {
    expect(lineWith("Idle memory over bare Fastify")).toBe(
      "| Idle memory over bare Fastify | ≤ 15 MiB | 12.0 MiB | met |",
    );
  });

  it("leaves out parts that did not run", () => {
    const text = renderMarkdown({ ...report, figures: {}, targets: evaluateTargets({}) });
    expect(text).not.toContain("## Throughput");
    expect(text).toContain("## Caveats");
  });

  it("admits when the cores were shared", () => {
    const machine = { ...report.machine, pinned: false };
    expect(renderMarkdown({ ...report, machine })).toContain("`taskset` or a second core was missing");
  });
});

describe("the document", () => {
  it("gathers the figures by peer", () => {
    const lightship = gatherPeers(figures).find(({ name }) => name === "lightship");
    expect(lightship?.throughput).toHaveLength(2);
    expect(lightship?.faults.map(({ id }) => id)).toEqual(["A", "C"]);
  });
});

describe("a table", () => {
  it("pads its columns and keeps bars within cells", () => {
    const text = table(
      [
        ["a", "left"],
        ["number", "right"],
      ],
      [["x|y", "1"]],
    );
    expect(text).toBe("| a    | number |\n| ---- | -----: |\n| x\\|y |      1 |");
  });
});

describe("the command line", () => {
  it("shortens all parts with --quick, and takes numbers over that", () => {
    expect(readArguments(["--quick", "--slices", "4"])).toMatchObject({ quick: true, slices: 4, starts: 2 });
  });

  it("takes some of the parts, in their own order", () => {
    expect(readArguments(["--only", "faults,throughput"])).toMatchObject({ parts: ["throughput", "faults"] });
  });

  it("says what it expected", () => {
    expect(() => readArguments(["--only", "fault"])).toThrow(
      /throughput,latency,access,discovery,context,lint,remediation,gate,observations,faults,start,memory; found "fault"/,
    );
    expect(() => readArguments(["--slices", "0"])).toThrow(/from 1 to 9999; found "0"/);
    expect(() => readArguments(["--fast"])).toThrow(/Usage: npm run bench/);
  });
});
