import type { SqlInstance } from "../gcp/cloud-sql.ts";
import type { IamPolicy } from "../gcp/iam-policy.ts";
import type { RedisInstance } from "../gcp/memorystore.ts";
import type { Peering, Subnetwork } from "../gcp/networking.ts";
import type { Project } from "../gcp/projects.ts";
import type { RunService } from "../gcp/run-service.ts";
import type { SecretVersion } from "../gcp/secret-manager.ts";
import type { ApiState } from "../gcp/service-usage.ts";
import type { Known } from "../gcp/transport.ts";
import type { Connector } from "../gcp/vpc-access.ts";

/** What the configuration says of the cloud: whose way to which resources is meant. */
export interface CloudTarget {
  readonly project: string;
  readonly region: string;
  /** The Cloud Run service; without it only the resources themselves can be looked at. */
  readonly service?: string;
  /** For a connector or Direct VPC egress to be made. */
  readonly network?: string;
  readonly subnet?: string;
  readonly connector?: { readonly name: string; readonly range: string };
  /** Which resource a dependency is: the connection name of a Cloud SQL instance, or a Memorystore instance's name. */
  readonly dependencies: Readonly<Record<string, CloudResource>>;
}

export type CloudResource =
  | { readonly sql: string; readonly memorystore?: never }
  | { readonly memorystore: string; readonly sql?: never };

/** A secret that the service's variables refer to. */
export interface SecretFact {
  readonly project: string;
  readonly secret: string;
  readonly version: Known<SecretVersion>;
  /** Its own policy; absent: not asked. */
  readonly policy?: Known<IamPolicy>;
}

/** An annotation of a manifest that stands where nobody reads it. */
export interface MisplacedAnnotation {
  /** `cloudrun.yaml`. */
  readonly file: string;
  readonly annotation: string;
  readonly value: string;
}

/** What the cloud says of the way from the service to one dependency. What is absent was not asked. */
export interface CloudFacts {
  readonly target: CloudTarget;
  /** `p:r:i` taken apart, or the Memorystore instance; absent: the dependency is none of the configured resources. */
  readonly resource?: ResourceName;
  readonly apis?: Known<ReadonlyMap<string, ApiState>>;
  readonly sql?: Known<SqlInstance>;
  readonly redis?: Known<RedisInstance>;
  readonly run?: Known<RunService>;
  /** The one that the service names. */
  readonly connector?: Known<Connector>;
  /** All of the service's region. */
  readonly connectors?: Known<readonly Connector[]>;
  readonly subnet?: Known<Subnetwork>;
  readonly peerings?: Known<readonly Peering[]>;
  /** Of the service. */
  readonly project?: Known<Project>;
  readonly projectPolicy?: Known<IamPolicy>;
  /** Of the project that the instance is in; the same one where they are one. */
  readonly instancePolicy?: Known<IamPolicy>;
  readonly secrets?: readonly SecretFact[];
  readonly misplaced?: readonly MisplacedAnnotation[];
}

export type ResourceName =
  | { readonly kind: "sql"; readonly project: string; readonly region: string; readonly instance: string }
  | {
      readonly kind: "memorystore";
      readonly project: string;
      readonly region: string;
      readonly instance: string;
    };

/**
 * The resource that a dependency is. Undefined when the configuration names none, or one that cannot be read.
 * Projects of a domain (`example.com:p`) have a colon in their id, so a connection name is read from its end.
 */
export function resourceOf(target: CloudTarget, dependency: string): ResourceName | undefined {
  const entry = Object.hasOwn(target.dependencies, dependency) ? target.dependencies[dependency] : undefined;
  if (entry === undefined) return undefined;
  const { project, region } = target;
  if (entry.memorystore !== undefined)
    return { kind: "memorystore", project, region, instance: entry.memorystore };
  const match = /^(.+):([^:]+):([^:]+)$/.exec(entry.sql);
  const [, inProject, inRegion, instance] = match ?? [];
  if (inProject === undefined || inRegion === undefined || instance === undefined) return undefined;
  return { kind: "sql", project: inProject, region: inRegion, instance };
}
