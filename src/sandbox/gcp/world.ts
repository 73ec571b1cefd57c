import type { Doc } from "./json.ts";
import type { Policies } from "./policies.ts";

/** A project and what it has switched on. */
export interface Project {
  readonly id: string;
  readonly number: string;
  /** Names such as `run.googleapis.com`. */
  readonly enabled: Set<string>;
}

/** A service account. */
export interface Account {
  readonly email: string;
  readonly uniqueId: string;
  readonly project: string;
  disabled: boolean;
}

/** All that exists, by full name: `projects/p/locations/r/connectors/c`. Documents are as they are sent. */
export interface World {
  /** By id; numbers are looked up with `projectOf`. */
  readonly projects: Map<string, Project>;
  readonly accounts: Map<string, Account>;
  readonly policies: Policies;
  readonly connectors: Map<string, Doc>;
  readonly services: Map<string, Doc>;
  readonly revisions: Map<string, Doc>;
  /** `projects/p/instances/i`. */
  readonly sql: Map<string, Doc>;
  /** `projects/p/locations/r/instances/i`. */
  readonly redis: Map<string, Doc>;
  readonly secrets: Map<string, Doc>;
  /** `projects/p/secrets/s/versions/3`. */
  readonly secretVersions: Map<string, Doc>;
  /** `projects/p/regions/r/subnetworks/s`. */
  readonly subnetworks: Map<string, Doc>;
  /** Private services access, by `projects/NUMBER/global/networks/n`. */
  readonly peerings: Map<string, Doc>;
}

/** Nothing exists yet. */
export function createWorld(policies: Policies): World {
  return {
    projects: new Map(),
    accounts: new Map(),
    policies,
    connectors: new Map(),
    services: new Map(),
    revisions: new Map(),
    sql: new Map(),
    redis: new Map(),
    secrets: new Map(),
    secretVersions: new Map(),
    subnetworks: new Map(),
    peerings: new Map(),
  };
}

/** A project by id or number. */
export function projectOf(world: World, idOrNumber: string): Project | undefined {
  return (
    world.projects.get(idOrNumber) ?? [...world.projects.values()].find(({ number }) => number === idOrNumber)
  );
}

/** `a/b/c` → `c`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
