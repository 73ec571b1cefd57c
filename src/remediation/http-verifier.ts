import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { checkAddress } from "../../services/net/address-guard.ts";
import { bareHost } from "../../services/net/bare-host.ts";
import { createHttpClient } from "../../services/net/http-request.ts";
import type { HttpVerifier } from "../../services/remediation/verify-http.ts";
import type { Environment } from "../config/config.ts";

export interface HttpVerifierOptions {
  readonly dependencies: readonly DependencyOptions[];
  readonly env: Environment;
  /**
   * A person at a command line asks from their own machine with their own plan. A service is asked to by others, who
   * must not see through it into its network.
   */
  readonly asks: "person" | "service";
}

/**
 * Asks over HTTP for a plan: no redirects, no credentials, never link-local or metadata addresses. From a service only the
 * loopback and hosts that the configuration names.
 */
export function createHttpVerifier({ dependencies, env, asks }: HttpVerifierOptions): HttpVerifier & {
  close(): void;
} {
  const client = createHttpClient({ checkAddress });
  const allowed = new Set([...dependencies.flatMap(hostsOf), ...hostIn(env["GREENLIGHT_URL"] ?? "")]);
  return {
    client,
    refuses(url) {
      if (!/^https?:$/.test(url.protocol)) return `expected http or https, found ${url.protocol}`;
      if (url.username !== "" || url.password !== "") return "a plan carries no credentials";
      const host = bareHost(url.hostname);
      if (asks === "person" || isLoopback(host) || allowed.has(host)) return undefined;
      return `a service asks no other hosts than its own and those of its configuration, and ${host} is none`;
    },
    close: () => client.close(),
  };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);

const hostsOf = (options: DependencyOptions): string[] =>
  options.kind === "auth" ? options.candidates.flatMap(({ url }) => hostIn(url)) : hostIn(options.url);

const hostIn = (url: string): string[] => (URL.canParse(url) ? [bareHost(new URL(url).hostname)] : []);
