import type { FastifyInstance } from "fastify";
import type { FindingsRegistry, SourceState } from "../services/findings/registry.ts";
import { countOpen, type JudgedFinding } from "../services/waivers/judge.ts";
import type { FindingsView } from "../services/waivers/view.ts";
import { findingsSchema } from "./schemas-findings.ts";

export interface FindingsRoutesOptions {
  readonly registry: Pick<FindingsRegistry, "snapshot">;
  readonly view: FindingsView;
  readonly environment: string;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** What is wrong in configuration and context, as it was found last. */
export function findingsRoutes(app: FastifyInstance, options: FindingsRoutesOptions): void {
  const { registry, view, environment, now } = options;
  app.get("/findings", { schema: findingsSchema }, (_request, reply) => {
    const { findings, waivers, complete } = view.current();
    const body = {
      time: isoOf(now()),
      environment,
      complete,
      open: countOpen({ findings }),
      waived: findings.filter(({ waiver }) => waiver !== undefined).length,
      sources: registry.snapshot().sources.map(sourceBody),
      findings: findings.map(findingBody),
      waivers,
    };
    return reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify(body));
  });
}

const sourceBody = ({ name, status, collectedAt, findings }: SourceState): Record<string, unknown> => ({
  name,
  status,
  collectedAt: collectedAt === undefined ? undefined : isoOf(collectedAt),
  findings: findings.length,
});

const findingBody = ({ finding, source, waiver }: JudgedFinding): Record<string, unknown> => ({
  ...finding,
  source,
  waiver,
});

const isoOf = (ms: number): string => new Date(ms).toISOString();
