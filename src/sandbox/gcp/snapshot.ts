import { asText, isDoc, type Value, without } from "./json.ts";
import type { World } from "./world.ts";

/** The world as plain data, to be compared. */
export type Snapshot = Readonly<Record<string, Value>>;

/** What changes with every write, whatever it says; the name of a revision cannot be had again. */
const passing = new Set([
  "etag",
  "generation",
  "observedGeneration",
  "updateTime",
  "lastTransitionTime",
  "settingsVersion",
  "latestCreatedRevision",
  "latestReadyRevision",
  "revision",
]);

/** The same for two worlds that differ only in what `passing` names; with the configuration of what serves. */
export function comparable(world: World): Snapshot {
  const serving = [...world.services].map(([name, { latestReadyRevision }]) => {
    const revision = world.revisions.get(asText(latestReadyRevision));
    return [name, without(revision, "name", "uid", "createTime", "conditions")] as const;
  });
  const enabled = [...world.projects].map(([id, project]) => [id, [...project.enabled].sort()] as const);
  const policies = Object.entries(world.policies.all()).map(([resource, { bindings }]) => {
    const each = bindings.map(({ role, members, condition }) => ({
      role,
      members: members.toSorted(),
      ...(condition === undefined ? {} : { condition }),
    }));
    return [resource, each.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))] as const;
  });
  const whole = {
    apis: Object.fromEntries(enabled),
    policies: Object.fromEntries(policies),
    connectors: Object.fromEntries(world.connectors),
    services: Object.fromEntries(world.services),
    serving: Object.fromEntries(serving),
    sql: Object.fromEntries(world.sql),
    redis: Object.fromEntries(world.redis),
    secrets: Object.fromEntries(world.secrets),
    secretVersions: Object.fromEntries(world.secretVersions),
    subnetworks: Object.fromEntries(world.subnetworks),
    peerings: Object.fromEntries(world.peerings),
  };
  return strip(structuredClone(whole)) as Snapshot;
}

function strip(value: Value | undefined): Value {
  if (Array.isArray(value)) return value.map(strip);
  if (!isDoc(value)) return value ?? null;
  const kept = Object.entries(value).filter(([name, each]) => !passing.has(name) && each !== undefined);
  return Object.fromEntries(kept.map(([name, each]) => [name, strip(each)]));
}
