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
  readonly connector?: { readonly name: string; readonly range: string } | undefined;
  /** Which resource a dependency is. */
  readonly dependencies: ReadonlyMap<string, ResourceName>;
}

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
  /** Absent: the dependency is none of the configured resources. */
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

export interface ResourceName {
  readonly kind: "sql" | "memorystore";
  readonly project: string;
  readonly region: string;
  readonly instance: string;
}

/** The resource that a dependency is; what a suite observes for itself (`postgres@e2e`) is the same one. */
export const resourceOf = ({ dependencies }: CloudTarget, dependency: string): ResourceName | undefined =>
  dependencies.get(dependency) ?? dependencies.get(dependency.split("@")[0] ?? "");
