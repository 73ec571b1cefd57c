import type { AccessOptions } from "../../services/access/options.ts";
import type {
  AuthCandidateOptions,
  DependencyOptions,
  TlsOptions,
} from "../../services/dependencies/options.ts";
import type { Config } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { loadConfig } from "../config/load.ts";
import { EXIT } from "../exit-codes.ts";
import type { ConfigReport, ShownConfig } from "../views/config-report.ts";
import { renderConfig } from "../views/config-human.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigCheckOptions extends OutputOptions {
  readonly config?: string;
}

/** Reads the configuration as the service would and shows it, or all that is wrong with it. */
export async function configCheck(context: CommandContext, options: ConfigCheckOptions): Promise<number> {
  const { env, cwd } = context;
  const read = await readConfigFile({ env, cwd, path: options.config });
  const loaded = read.ok ? await loadConfig({ env, file: read.file }) : read;
  const result: ConfigReport = loaded.ok
    ? {
        schemaVersion: 1,
        ok: true,
        config: mask(loaded.config),
        sources: loaded.sources,
        warnings: loaded.warnings,
      }
    : { schemaVersion: 1, ok: false, faults: loaded.faults };
  writeResult(context, options, { result, human: renderConfig });
  return loaded.ok ? EXIT.ok : EXIT.config;
}

function mask(config: Config): ShownConfig {
  const { access, dependencies, suiteDependencies, gcp } = config;
  return {
    ...config,
    access: maskAccess(access),
    dependencies: dependencies.map(maskDependency),
    suiteDependencies: suiteDependencies.map(maskDependency),
    gcp: { ...gcp, dependencies: Object.fromEntries(gcp.dependencies) },
  };
}

/** A hash is no secret, and nobody reads all of it. */
function maskAccess(access: AccessOptions): AccessOptions {
  if (access.mode === "none") return access;
  const rules = access.rules.map(({ member, role }) => ({
    role,
    member: member.kind === "token" ? { ...member, sha256: `${member.sha256.slice(0, 8)}…` } : member,
  }));
  return { ...access, rules };
}

function maskDependency(options: DependencyOptions): DependencyOptions {
  if (options.kind === "auth") return { ...options, candidates: options.candidates.map(maskCandidate) };
  return { ...options, ...maskServer(options) };
}

function maskCandidate(candidate: AuthCandidateOptions): AuthCandidateOptions {
  const { oidc } = candidate;
  const shown = { ...candidate, ...maskServer(candidate) };
  if (!oidc?.client) return shown;
  const { checkUrl } = oidc.client;
  const client = { ...oidc.client, secret: "redacted", ...(checkUrl && { checkUrl: maskPath(checkUrl) }) };
  return { ...shown, oidc: { ...oidc, client } };
}

function maskServer({ tls, url }: { readonly tls?: TlsOptions; readonly url: string }) {
  const shown = tls?.ca === undefined ? tls : { ...tls, ca: "(certificate)" };
  return { url: maskUrl(url), ...(shown === undefined ? {} : { tls: shown }) };
}

const maskPath = (text: string): string => text.replace(/\?.*$/s, "?redacted");

/** Parameters are left out whole: any of them may be a credential. */
function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== "") url.password = "redacted";
  if (url.search !== "") url.search = "?redacted";
  return url.href;
}
