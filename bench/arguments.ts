import { parseArgs } from "node:util";
import { BenchError } from "./errors.ts";

/** The parts of a run, in the order in which they run. */
export const partNames = [
  "throughput",
  "latency",
  "access",
  "discovery",
  "context",
  "lint",
  "remediation",
  "gate",
  "observations",
  "faults",
  "start",
  "memory",
] as const;
export type PartName = (typeof partNames)[number];

/** What to measure and for how long; seconds unless said otherwise. */
export interface Settings {
  readonly json: boolean;
  readonly quick: boolean;
  readonly parts: readonly PartName[];
  /** Rounds of one-second slices. */
  readonly slices: number;
  /** Rounds in which the peers take part. */
  readonly peerSlices: number;
  /** Rounds of the part `latency`, and of `access`. */
  readonly latencySlices: number;
  readonly accessSlices: number;
  readonly discoverySeconds: number;
  readonly observeSeconds: number;
  readonly faultSeconds: number;
  readonly recoverySeconds: number;
  /** Ids of the faults; and of those which the peers meet too. */
  readonly faults: readonly string[];
  readonly peerFaults: readonly string[];
  readonly starts: number;
  readonly memoryRuns: number;
  readonly memorySeconds: number;
  /** Requests that the gate holds at one time. */
  readonly held: number;
  /** Tests in the report that is joined. */
  readonly junitTests: number;
  /** Python files of the suite that is linted, and rounds over it. */
  readonly lintFiles: number;
  readonly lintRounds: number;
}

export const usage = `Usage: npm run bench -- [--json] [--quick] [--only PARTS] [--slices N] [--peer-slices N] [--fault-seconds N]

Measures Greenlight beside bare servers and other health packages, on real backends, on this machine.
A full run takes about forty minutes and writes docs/benchmarks.md.

  --json             one JSON document on stdout; everything else on stderr
  --quick            about two minutes, some of the faults, too short to trust; docs/benchmarks.md is left alone
  --only PARTS       some of ${partNames.join(",")}; docs/benchmarks.md is left alone
  --slices N         one-second slices per server and connection count (30)
  --peer-slices N    the same for the peers (5)
  --fault-seconds N  how long a fault lasts (8)
  --help             this text
`;

const allFaults = ["A", "B", "C", "C2", "D", "E", "F"];

type Durations = Omit<Settings, "json" | "quick" | "parts">;

const full: Durations = {
  slices: 30,
  peerSlices: 5,
  latencySlices: 7,
  accessSlices: 24,
  discoverySeconds: 10,
  observeSeconds: 20,
  faultSeconds: 8,
  recoverySeconds: 5,
  faults: allFaults,
  peerFaults: allFaults,
  starts: 12,
  memoryRuns: 5,
  memorySeconds: 10,
  held: 10_000,
  junitTests: 100_000,
  lintFiles: 10_000,
  lintRounds: 2,
};
const quick: Durations = {
  slices: 2,
  peerSlices: 1,
  latencySlices: 1,
  accessSlices: 1,
  discoverySeconds: 3,
  observeSeconds: 4,
  faultSeconds: 3,
  recoverySeconds: 2,
  faults: ["A", "B", "E", "F"],
  peerFaults: ["F"],
  starts: 2,
  memoryRuns: 2,
  memorySeconds: 3,
  held: 1000,
  junitTests: 10_000,
  lintFiles: 500,
  lintRounds: 1,
};

/** Reads the command line. Throws `BenchError` naming what was expected and found. */
export function readArguments(args: readonly string[]): Settings | "help" {
  const values = parse(args);
  if (values.help) {
    return "help";
  }
  const base = values.quick ? quick : full;
  return {
    ...base,
    json: values.json,
    quick: values.quick,
    parts: readParts(values.only),
    slices: readCount("--slices", values.slices, base.slices),
    peerSlices: readCount("--peer-slices", values["peer-slices"], base.peerSlices),
    faultSeconds: readCount("--fault-seconds", values["fault-seconds"], base.faultSeconds),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        only: { type: "string" },
        slices: { type: "string" },
        "peer-slices": { type: "string" },
        "fault-seconds": { type: "string" },
      },
    }).values;
  } catch (cause) {
    throw new BenchError(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}

function readParts(text: string | undefined): readonly PartName[] {
  if (text === undefined) {
    return partNames;
  }
  const wanted = text.split(",").map((name) => name.trim());
  const wrong = wanted.find((name) => !(partNames as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw new BenchError(`Expected --only to be some of ${partNames.join(",")}; found "${wrong}".`);
  }
  return partNames.filter((name) => wanted.includes(name));
}

function readCount(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) {
    return fallback;
  }
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new BenchError(`Expected ${flag} to be a number from 1 to 9999; found "${text}".`);
  }
  return Number(text);
}
