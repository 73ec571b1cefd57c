/** Shared by the tests of triage: reports from text and from files, and incidents. */
import { createReadStream } from "node:fs";
import type { CauseCode } from "../../../services/causes.ts";
import type { Incident } from "../../../services/history/incident.ts";
import { createRedact } from "../../../services/redact.ts";
import type { ReportSource } from "../../../services/triage/source.ts";
import { triage, type TriageOptions } from "../../../services/triage/triage.ts";

export const RUN = { from: Date.parse("2026-03-01T10:00:00Z"), to: Date.parse("2026-03-01T10:10:00Z") };

/** A report whose bytes arrive in pieces of the given size. */
export function sourceOf(
  content: string | Uint8Array,
  { name = "report.xml", piece = 7 } = {},
): ReportSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

export const fixture = (name: string): ReportSource => ({
  name,
  open: () => createReadStream(new URL(`fixtures/${name}.xml`, import.meta.url)),
});

/** An incident of the whole run, unless told otherwise; times in seconds from its begin. */
export function incidentOf(
  dependency: string,
  {
    code = "CONNECT_REFUSED",
    from = -10,
    to = 100_000,
    run = RUN,
    ...rest
  }: { code?: CauseCode; from?: number; to?: number; run?: { from: number } } & Partial<Incident> = {},
): Incident {
  return {
    id: `${dependency}-1`,
    dependency,
    required: true,
    status: "fail",
    startedAt: run.from + from * 1000,
    endedAt: run.from + to * 1000,
    cause: {
      code,
      title: "Nothing listens on that port",
      message: "",
      rung: "connect",
      retryable: true,
      owner: "database",
      remedies: [],
    },
    codes: [code],
    ...rest,
  };
}

export const triageOf = (options: Partial<TriageOptions> & Pick<TriageOptions, "sources">) =>
  triage({ incidents: [], run: RUN, redact: createRedact([]), ...options });

export const triageText = (text: string, options: Partial<TriageOptions> = {}) =>
  triageOf({ sources: [sourceOf(text)], ...options });

export const suiteOf = (cases: string, attributes = 'name="s"'): string =>
  `<?xml version="1.0"?><testsuites><testsuite ${attributes}>${cases}</testsuite></testsuites>`;
