import { isDeepStrictEqual } from "node:util";
import { apiError } from "./api-error.ts";
import type { Call } from "./call.ts";
import { at, type Doc, docOf, listOf, textOf, asText, without } from "./json.ts";
import { projectOf, shortName, type World } from "./world.ts";

const type = "type.googleapis.com/google.cloud.run.v2.Service";

/** Takes a changed service: a new revision where the template has changed, and an operation until it serves. */
export function revise(call: Call, before: Doc, next: Doc, validateOnly: boolean): Doc {
  const { world, time, durations, operations } = call.scene;
  const name = asText(before.name);
  const generation = Number(before.generation) + 1;
  const changed = !isDeepStrictEqual(configured(before.template), configured(next.template));
  const latest = nameRevision(world, name, generation, before, next, changed);
  const stamp = (): string => new Date(time.now()).toISOString();
  const problem = changed ? failureOf(world, next) : undefined;
  const work = {
    api: "run",
    shape: "google" as const,
    name: (id: string) => `${name.slice(0, name.indexOf("/services/"))}/operations/${id}`,
    ms: validateOnly ? 0 : durations.service,
    describe: () => ({ metadata: { "@type": type, ...docOf(world.services.get(name)) } }),
  };
  if (validateOnly) {
    return operations.start({ ...work, finish: () => ({ "@type": type, ...next }) });
  }
  const current: Doc = {
    ...next,
    generation: String(generation),
    etag: etagOf(generation),
    updateTime: stamp(),
    reconciling: true,
    latestCreatedRevision: latest,
    terminalCondition: condition("CONDITION_RECONCILING", stamp()),
  };
  world.services.set(name, current);
  const revision = changed ? makeRevision(world, latest, current, stamp()) : undefined;
  const settle = (fields: Doc): Doc => {
    // A later change is on its way: that one will end the reconciling.
    const found = docOf(world.services.get(name));
    if (found.generation === current.generation) {
      Object.assign(found, { reconciling: false, observedGeneration: found.generation, ...fields });
    }
    return { "@type": type, ...structuredClone(found) };
  };
  return operations.start({
    ...work,
    outcome: problem === undefined ? undefined : { code: 9, message: problem },
    finish() {
      if (revision !== undefined) revision.reconciling = false;
      return settle({
        latestReadyRevision: latest,
        terminalCondition: condition("CONDITION_SUCCEEDED", stamp()),
        ...serving(current, latest),
      });
    },
    // What served before goes on serving.
    fail({ message }) {
      if (revision !== undefined) {
        Object.assign(revision, {
          reconciling: false,
          conditions: [condition("CONDITION_FAILED", stamp(), message)],
        });
      }
      settle({
        terminalCondition: { ...condition("CONDITION_FAILED", stamp(), message), reason: "REVISION_FAILED" },
      });
    },
  });
}

function serving({ traffic, uri }: Doc, latest: string): Doc {
  const targets = listOf(traffic).map((each) => {
    const { revision = shortName(latest), percent, type, tag } = docOf(each);
    return { type, revision, percent, tag, uri: tag === undefined ? undefined : uri };
  });
  return targets.length === 0 ? {} : { trafficStatuses: targets };
}

/** The template without the name of its revision. */
function configured(template: unknown): Doc {
  return without(template, "revision");
}

/** Throws 409 for a name that another configuration has. */
function nameRevision(
  world: World,
  service: string,
  generation: number,
  before: Doc,
  next: Doc,
  changed: boolean,
): string {
  const given = textOf(at(next, "template.revision"));
  if (!changed) return asText(before.latestCreatedRevision);
  if (given === undefined) {
    const suffix = `${String(generation).padStart(5, "0")}-${generation.toString(36).padStart(3, "a")}`;
    return `${service}/revisions/${shortName(service)}-${suffix}`;
  }
  const name = `${service}/revisions/${given}`;
  if (world.revisions.has(name)) {
    throw apiError(
      "ALREADY_EXISTS",
      `Revision named '${given}' with different configuration already exists.`,
    );
  }
  return name;
}

function makeRevision(world: World, name: string, { template, generation }: Doc, now: string): Doc {
  const revision: Doc = {
    name,
    uid: name,
    generation: "1",
    createTime: now,
    service: shortName(name.slice(0, name.indexOf("/revisions/"))),
    ...configured(template),
    conditions: [],
    observedGeneration: "1",
    reconciling: true,
    etag: etagOf(Number(generation)),
  };
  world.revisions.set(name, revision);
  return revision;
}

/** Why a revision could not become ready; undefined when nothing speaks against it. */
function failureOf(world: World, service: Doc): string | undefined {
  const connector = textOf(at(service, "template.vpcAccess.connector"));
  const [, id = ""] = asText(service.name).split("/");
  const number = projectOf(world, id)?.number ?? id;
  const agent = `serviceAccount:service-${number}@serverless-robot-prod.iam.gserviceaccount.com`;
  if (connector !== undefined) {
    const allowed = world.policies.holds(agent, "vpcaccess.connectors.use", connector);
    // A connector in ERROR is taken: it exists, and nothing gets through it.
    if (!allowed || !world.connectors.has(connector)) {
      return `VPC connector ${connector} does not exist, or Cloud Run does not have permission to use it.`;
    }
  }
  const account = `serviceAccount:${textOf(at(service, "template.serviceAccount")) ?? ""}`;
  for (const container of listOf(at(service, "template.containers"))) {
    for (const entry of listOf(docOf(container).env)) {
      const secret = textOf(at(entry, "valueSource.secretKeyRef.secret"));
      const name = secret?.startsWith("projects/") ? secret : `projects/${id}/secrets/${secret}`;
      if (secret !== undefined && !world.policies.holds(account, "secretmanager.versions.access", name)) {
        return `Permission denied on secret: ${name}/versions/latest for Revision service account ${account.slice("serviceAccount:".length)}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`;
      }
    }
  }
  return undefined;
}

/** The condition `Ready`. */
export function condition(state: string, now: string, message?: string): Doc {
  return { type: "Ready", state, ...(message === undefined ? {} : { message }), lastTransitionTime: now };
}

/** Google's are opaque, with quotes. */
export function etagOf(generation: number): string {
  return `"${Buffer.from(`CJ${generation}/greenlight`).toString("base64")}"`;
}
