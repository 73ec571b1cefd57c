import type { AccessOptions } from "../../services/access/options.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import type { PolicyFacts } from "../../services/policy/judge.ts";
import type { Strictness } from "../../services/policy/strictness.ts";
import type { ProbeOptions } from "../../services/probe/options.ts";
import type { DriftOptions } from "./drift.ts";
import type { EnvFilesConfig } from "./env-files.ts";
import type { GcpOptions } from "./gcp.ts";
import type { RemediationOptions } from "./remediation.ts";
import type { StoreOptions } from "./store.ts";
import type { Waiver } from "../../services/waivers/waiver.ts";
import type { ContextOptions } from "./context.ts";

/** Everything the process was told, checked and complete. */
export interface Config {
  readonly environment: string;
  /** How it is told which environment this really is. */
  readonly context: ContextOptions;
  readonly listen: { readonly host: string; readonly port: number };
  readonly access: AccessOptions;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly probe: ProbeOptions;
  /** In the order postgres, clickhouse, redis; empty when none has a URL. */
  readonly dependencies: readonly DependencyOptions[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Those of the file, one for each group, and `all`; empty when no dependency is configured. */
  readonly suites: readonly SuiteOptions[];
  /** What suites expect beyond the environment: observed for the gate, and shown nowhere else. */
  readonly suiteDependencies: readonly DependencyOptions[];
  /** What the policy of the environment and the flags say; the suites are as they want them already. */
  readonly policy: PolicyFacts;
  /** Which findings stop a suite. */
  readonly strictness: Strictness;
  /** Findings that are accepted, expired or not. */
  readonly waivers: readonly Waiver[];
  /** What is compared with the baseline, and how often findings are looked for. */
  readonly drift: DriftOptions;
  readonly envFiles: EnvFilesConfig;
  /** Where in Google Cloud the environment is. */
  readonly gcp: GcpOptions;
  /** What may be applied, by itself and how often. */
  readonly remediation: RemediationOptions;
  /** Where plans, runs and locks are remembered; may hold a password. */
  readonly store: StoreOptions;
  /** The same, where the configuration names it: holds and leases outlive the process there alone. */
  readonly standingStore?: StoreOptions;
}

/** Where the value of one key came from. */
export type ConfigSource =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly where: string }
  | { readonly kind: "variable"; readonly name: string };

export type ConfigFaultCode =
  | "CONFIG_FILE_UNREADABLE"
  | "CONFIG_SYNTAX"
  | "CONFIG_DUPLICATE_KEY"
  | "CONFIG_UNKNOWN_KEY"
  | "CONFIG_UNKNOWN_VARIABLE"
  | "CONFIG_MISSING_KEY"
  | "CONFIG_MISSING_VARIABLE"
  | "CONFIG_INVALID_VALUE"
  | "CONFIG_INVALID_URL"
  | "CONFIG_SECRET_IN_FILE"
  | "CONFIG_ACCESS";

/** One thing wrong. No field ever holds a credential. */
export interface ConfigFault {
  readonly code: ConfigFaultCode;
  /** `greenlight.yaml:12:5`, or the name of a variable. */
  readonly where: string;
  /** The dotted key, when there is one. */
  readonly path?: string;
  readonly expected: string;
  readonly found: string;
  readonly suggestion?: string;
}

/** Something that works, and probably not as meant. */
export interface ConfigWarning {
  readonly where: string;
  readonly path?: string;
  readonly message: string;
}

export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** By dotted key, for every key that has a value. */
      readonly sources: Readonly<Record<string, ConfigSource>>;
      readonly warnings: readonly ConfigWarning[];
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** The text of a configuration file. */
export interface ConfigFile {
  /** As shown in messages. */
  readonly path: string;
  readonly text: string;
  /** Relative paths in the file start here; default: the folder of `path`. */
  readonly directory?: string;
}

/** The variables of the process, handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;
