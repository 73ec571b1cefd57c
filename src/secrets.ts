import type { DependencyOptions } from "../services/dependencies/options.ts";
import type { Config } from "./config/config.ts";

/** Every secret that the configuration holds, for the redactor: passwords of connection URLs, and client secrets. */
export function secretsOf(config: SecretConfig): string[] {
  const all = [...config.dependencies, ...config.suiteDependencies];
  const store = config.store?.kind === "postgres" ? passwordsOf(config.store.url) : [];
  return [...new Set([...all.flatMap(secretsOfOne), ...store])].filter((secret) => secret !== "");
}

/** The parts of a configuration that hold any. */
type SecretConfig = Pick<Config, "dependencies" | "suiteDependencies"> & Partial<Pick<Config, "store">>;

function secretsOfOne(options: DependencyOptions): string[] {
  if (options.kind !== "auth") return passwordsOf(options.url);
  return options.candidates.flatMap(({ oidc }) => (oidc?.client ? formsOf(oidc.client) : []));
}

function passwordsOf(url: string): string[] {
  const { password } = new URL(url);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** As it is, and as HTTP's header of a login carries it: form-encoded there (RFC 6749, section 2.3.1). */
function formsOf({ id, secret }: { readonly id: string; readonly secret: string }): string[] {
  const logins = [`${id}:${secret}`, `${encode(id)}:${encode(secret)}`];
  return [secret, encode(secret), ...logins.map((login) => Buffer.from(login).toString("base64"))];
}

const encode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);
