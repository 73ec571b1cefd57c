import { getSqlInstance } from "../gcp/cloud-sql.ts";
import { lastPart, partAfter } from "../gcp/fields.ts";
import { getIamPolicy } from "../gcp/iam-policy.ts";
import { getRedisInstance } from "../gcp/memorystore.ts";
import { getPeerings, getSubnetwork } from "../gcp/networking.ts";
import { getProject } from "../gcp/projects.ts";
import { getRunService } from "../gcp/run.ts";
import { getApiStates } from "../gcp/service-usage.ts";
import type { GcpTransport, Known } from "../gcp/transport.ts";
import { getConnector, listConnectors } from "../gcp/vpc-access.ts";
import { type CloudFacts, type CloudTarget, type MisplacedAnnotation, resourceOf } from "./cloud.ts";
import { egressOf, networkOf } from "./egress.ts";
import { within } from "./deadline.ts";
import { createMemoTransport } from "./memo-transport.ts";
import { isRejected, isUnreached, saysIamLogin, saysNotAuthorized } from "./relevance.ts";
import { secretsRefused } from "./runtime-account.ts";
import { readSecrets } from "./secret-facts.ts";
import { addressKind, type Symptom } from "./symptom.ts";

/** Reads facts for one question; each fact is asked for once, however many dependencies want it. */
export interface FactReader {
  /** What the symptom calls for; undefined where the cloud can say nothing of it. */
  of(symptom: Symptom): Promise<CloudFacts | undefined>;
  /** Of the service by itself; undefined where none is configured. */
  service(): Promise<CloudFacts | undefined>;
}

export interface FactReaderOptions {
  /** With the service's own identity. */
  readonly gcp: GcpTransport;
  readonly target: CloudTarget;
  /** What manifests say where nobody reads it. */
  readonly misplaced?: readonly MisplacedAnnotation[];
  /** For each fact, in ms. Default 4,000. */
  readonly factMs?: number;
  readonly signal: AbortSignal;
}

/** What the way to a database needs. */
const APIS = [
  "sqladmin.googleapis.com",
  "vpcaccess.googleapis.com",
  "run.googleapis.com",
  "servicenetworking.googleapis.com",
];

/** Nothing is read before it is asked for. What cannot be read in time is unknown; it rejects only with the signal's reason. */
export function createFactReader(options: FactReaderOptions): FactReader {
  const { target, misplaced, factMs = 4000, signal } = options;
  const gcp = createMemoTransport(options.gcp);
  const { project, region, service } = target;

  const fact = <T>(ask: (signal: AbortSignal) => Promise<Known<T>>): Promise<Known<T>> =>
    within(ask, { ms: factMs, signal });
  const run = async (): Promise<Pick<CloudFacts, "run">> =>
    service === undefined
      ? {}
      : { run: await fact((inTime) => getRunService(gcp, { project, region, service, signal: inTime })) };

  /** Needs what is known of the service already. */
  async function wayOut(facts: CloudFacts): Promise<Partial<CloudFacts>> {
    const egress = egressOf(facts);
    if (egress === undefined) return {};
    const name = egress === "none" ? undefined : egress.connector;
    const [own] = egress === "none" ? [] : egress.networkInterfaces;
    const [connector, connectors, subnet] = await Promise.all([
      name === undefined
        ? undefined
        : fact((inTime) =>
            getConnector(gcp, {
              project: partAfter(name, "projects") ?? project,
              region: partAfter(name, "locations") ?? region,
              name: lastPart(name),
              signal: inTime,
            }),
          ),
      fact((inTime) => listConnectors(gcp, { project, region, signal: inTime })),
      own?.subnetwork === undefined
        ? undefined
        : fact((inTime) =>
            getSubnetwork(gcp, {
              project: partAfter(own.subnetwork ?? "", "projects") ?? project,
              region,
              subnet: lastPart(own.subnetwork ?? ""),
              signal: inTime,
            }),
          ),
    ]);
    return {
      connectors,
      ...(connector === undefined ? {} : { connector }),
      ...(subnet === undefined ? {} : { subnet }),
    };
  }

  async function peerings(facts: CloudFacts): Promise<Partial<CloudFacts>> {
    const network = networkOf(facts);
    if (facts.sql?.kind !== "known" || network === undefined || facts.project?.kind !== "known") return {};
    const { projectNumber } = facts.project.value;
    return { peerings: await fact((inTime) => getPeerings(gcp, { projectNumber, network, signal: inTime })) };
  }

  async function resource(symptom: Symptom): Promise<Partial<CloudFacts>> {
    const found = resourceOf(target, symptom.dependency);
    if (found === undefined) return {};
    return found.kind === "sql"
      ? { resource: found, sql: await fact((inTime) => getSqlInstance(gcp, { ...found, signal: inTime })) }
      : {
          resource: found,
          redis: await fact((inTime) => getRedisInstance(gcp, { ...found, signal: inTime })),
        };
  }

  const policy = (of: string) =>
    fact((inTime) => getIamPolicy(gcp, { resource: `projects/${of}`, signal: inTime }));

  async function of(symptom: Symptom): Promise<CloudFacts | undefined> {
    if (!callsForCloud(symptom, target)) return undefined;
    const [first, second, apis, number, projectPolicy] = await Promise.all([
      resource(symptom),
      run(),
      fact((inTime) => getApiStates(gcp, { project, apis: APIS, signal: inTime })),
      fact((inTime) => getProject(gcp, { project, signal: inTime })),
      policy(project),
    ]);
    const known: CloudFacts = {
      target,
      ...first,
      ...second,
      apis,
      project: number,
      projectPolicy,
      ...(misplaced === undefined ? {} : { misplaced }),
    };
    const unreached = isUnreached({ symptom });
    const [out, peered, instancePolicy, secrets] = await Promise.all([
      unreached ? wayOut(known) : {},
      unreached ? peerings(known) : {},
      known.resource === undefined || known.resource.project === project
        ? projectPolicy
        : policy(known.resource.project),
      isRejected({ symptom }) || secretsRefused(known) ? readSecrets({ facts: known, gcp, fact }) : [],
    ]);
    return { ...known, ...out, ...peered, instancePolicy, secrets };
  }

  return {
    of,
    async service() {
      return service === undefined ? undefined : { target, ...(await run()) };
    },
  };
}

/**
 * Whether the cloud can say anything of it: a resource that is configured, or an address that only a network of the cloud
 * can lead to; and a cause it can explain.
 */
export function callsForCloud(symptom: Symptom, target: CloudTarget): boolean {
  const its = { symptom };
  const explains = isUnreached(its) || isRejected(its) || saysNotAuthorized(its) || saysIamLogin(its);
  const known = resourceOf(target, symptom.dependency) !== undefined;
  return explains && (known || (target.service !== undefined && addressKind(symptom.host) === "private"));
}
