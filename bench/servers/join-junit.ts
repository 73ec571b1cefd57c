// Reads the JUnit report that it is given, joins it to three incidents as `greenlight run` does, and prints what that took.
import { createReadStream } from "node:fs";
import { createRedact } from "../../services/redact.ts";
import type { Incident } from "../../services/history/incident.ts";
import { triage } from "../../services/triage/triage.ts";

const [, , file = ""] = process.argv;
/** That of the report which `bench/parts/gate/join.ts` writes. */
const from = Date.parse("2026-11-20T10:00:00Z");
const to = from + 10_000_000;

const incident = (id: number, startedAt: number): Incident => ({
  id: `postgres-${id}`,
  dependency: "postgres",
  required: true,
  status: "fail",
  lastPassAt: startedAt - 1000,
  startedAt,
  endedAt: startedAt + 60_000,
  cause: {
    code: "CONNECT_REFUSED",
    title: "Nothing listens on that port",
    message: "connect ECONNREFUSED",
    rung: "connect",
    retryable: true,
    owner: "database",
    remedies: [],
  },
  codes: ["CONNECT_REFUSED"],
});

const { counts } = await triage({
  sources: [{ name: file, open: () => createReadStream(file) }],
  incidents: [1, 2, 3].map((id) => incident(id, from + id * 1_000_000)),
  run: { from, to },
  redact: createRedact([]),
});
process.stdout.write(
  JSON.stringify({
    failures: counts.failed,
    tests: counts.total,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
