/** Probes: there, with times that Cloud Run takes, at paths of the process itself. */
import { type Tree, childOf, textOf } from "../drift/tree.ts";
import type { Manifest } from "./manifest.ts";
import type { Fault } from "./rule.ts";

const KINDS = ["startupProbe", "livenessProbe", "readinessProbe"] as const;

type ProbeKind = (typeof KINDS)[number];

/** In seconds, for the delay before and the period. */
const LONGEST: Readonly<Record<ProbeKind, number>> = {
  startupProbe: 240,
  livenessProbe: 3600,
  readinessProbe: 3600,
};

/** What is served, without a query. */
const pathOf = (probe: Tree | undefined): string | undefined => {
  const http = childOf(probe, "httpGet");
  return http === undefined ? undefined : (textOf(childOf(http, "path")) ?? "/").replace(/[?#].*$/, "");
};

export function probes({ containers }: Manifest): readonly Fault[] {
  // Only the container that takes requests is probed by default: the first, or the one with a port.
  const main = containers.find(({ tree }) => childOf(tree, "ports") !== undefined) ?? containers[0];
  if (main === undefined) return [];
  const missing = (["startupProbe", "livenessProbe"] as const).flatMap((kind): Fault[] => {
    if (childOf(main.tree, kind) !== undefined) return [];
    const message = `The container ${main.name} has no ${kind}.`;
    return [{ code: "DEPLOYMENT_PROBE_MISSING", about: kind, at: main.tree, message }];
  });
  const wrong = containers.flatMap(({ name, tree }) =>
    KINDS.flatMap((kind) => {
      const probe = childOf(tree, kind);
      if (probe === undefined) return [];
      const about = containers.length === 1 ? kind : `${name}/${kind}`;
      return times(probe, kind, about).concat(paths(probe, kind, about));
    }),
  );
  return [...missing, ...wrong];
}

const whole = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

function times(probe: Tree, kind: ProbeKind, about: string): readonly Fault[] {
  const read = (key: string, fallback: number): number => Number(textOf(childOf(probe, key)) ?? fallback);
  const [timeout, period] = [read("timeoutSeconds", 1), read("periodSeconds", 10)];
  const [delay, failures] = [read("initialDelaySeconds", 0), read("failureThreshold", 3)];
  const longest = LONGEST[kind];
  const wrong: readonly (readonly [key: string, wanted: string])[] = [
    ...(whole(period, 1, longest) ? [] : [["periodSeconds", `periodSeconds from 1 to ${longest}`] as const]),
    ...(whole(delay, 0, longest)
      ? []
      : [["initialDelaySeconds", `initialDelaySeconds from 0 to ${longest}`] as const]),
    ...(whole(timeout, 1, longest)
      ? []
      : [["timeoutSeconds", `timeoutSeconds from 1 to ${longest}`] as const]),
    ...(whole(failures, 1, 1_000_000)
      ? []
      : [["failureThreshold", "failureThreshold of 1 or more"] as const]),
    ...(timeout < period ? [] : [["timeoutSeconds", "timeoutSeconds below periodSeconds"] as const]),
  ];
  const [first] = wrong;
  if (first === undefined) return [];
  const found = `timeoutSeconds ${timeout}, periodSeconds ${period}, initialDelaySeconds ${delay}, failureThreshold ${failures}`;
  const message = `The ${kind} has ${found}; Cloud Run wants ${wrong.map(([, wanted]) => wanted).join(", ")}.`;
  return [{ code: "DEPLOYMENT_PROBE_TIMES", about, at: childOf(probe, first[0]) ?? probe, message }];
}

function paths(probe: Tree, kind: ProbeKind, about: string): readonly Fault[] {
  const path = pathOf(probe);
  if (path === undefined) return [];
  const at = childOf(probe, "httpGet", "path") ?? probe;
  if (path.endsWith("z") || path.startsWith("/_ah/") || path === "/eventlog") {
    const message = `The ${kind} asks ${path}, a path that Cloud Run may keep for itself.`;
    return [{ code: "DEPLOYMENT_PATH_RESERVED", about, at, message }];
  }
  if (kind !== "livenessProbe" || !asksDependencies(path)) return [];
  const message = `The livenessProbe asks ${path}, which answers for dependencies: while one is down, every instance is restarted.`;
  return [{ code: "DEPLOYMENT_LIVENESS_DEPENDENCY", about, at, message }];
}

/** `/health` and all below it but what is the process's own; readiness of any spelling; names of servers. */
const asksDependencies = (path: string): boolean =>
  (/^\/health(?:\/|$)/.test(path) && !/^\/health\/(?:live|liveness|startup|self)$/.test(path)) ||
  /(?:^|[/_-])(?:ready|readiness|db|database|postgres|clickhouse|redis|auth|deep|dependencies|gate)(?:$|[/_-])/.test(
    path,
  );
