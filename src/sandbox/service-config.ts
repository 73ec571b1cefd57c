import { createHash } from "node:crypto";
import type { Environment } from "./environment.ts";
import { subprotocol } from "./websocket/messages.ts";
import type { DependencyName } from "./dependency.ts";

/** Who may ask the service of the sandbox, and how strict it is. */
export interface ServiceAccess {
  /** The token of an operator; without one, anybody may ask everything. */
  token?: string | undefined;
  /** Let no mock serve. */
  strict?: boolean | undefined;
}

const variables: Record<DependencyName, string> = {
  postgres: "DATABASE_URL",
  clickhouse: "CLICKHOUSE_URL",
  redis: "REDIS_URL",
  auth: "SANDBOX_AUTH_URL",
  "auth-mock": "SANDBOX_AUTH_MOCK_URL",
  websocket: "WEBSOCKET_URL",
};
const secretVariable = "SANDBOX_CLIENT_SECRET";
const hashVariable = "SANDBOX_TOKEN_SHA256";

/** Short, so that whoever breaks the auth service sees it at once. */
const ttl = "2s";

/** The greatest rate that the configuration allows: the sandbox is also loaded for measurements. */
const unlimited = 1_000_000;

/** The variables that the configuration refers to, with the URLs of what is running. */
export function serviceVariables(environment: Environment, { token }: ServiceAccess): Record<string, string> {
  const urls = [...environment.dependencies.values()].map(
    (each) => [variables[each.name], each.url()] as const,
  );
  return {
    ...Object.fromEntries(urls),
    ...(environment.dependencies.has("auth") ? { [secretVariable]: "sandbox-client-secret" } : {}),
    ...(token === undefined ? {} : { [hashVariable]: createHash("sha256").update(token).digest("hex") }),
  };
}

/** The configuration file of the service, as YAML (of which JSON is a part). */
export function serviceConfig(environment: Environment, access: ServiceAccess): string {
  const { dependencies } = environment;
  const candidates = [
    {
      name: "staging",
      kind: "real",
      url: reference("auth"),
      service: "sandbox-auth",
      clientId: "greenlight",
      clientSecret: `\${${secretVariable}}`,
      audience: "greenlight",
    },
    { name: "mock", kind: "mock", url: reference("auth-mock"), oidc: false, service: "mock-auth" },
  ];
  const usable = candidates.filter(({ kind }) => dependencies.has(kind === "mock" ? "auth-mock" : "auth"));
  return JSON.stringify(
    {
      environment: "sandbox",
      ...(access.strict ? { strict: true } : {}),
      ...(access.token === undefined ? {} : { access: guarded }),
      policies: [{ environment: "sandbox", allowMock: true }],
      dependencies: {
        ...(usable.length === 0 ? {} : { auth: { candidates: usable, ttl } }),
        ...(dependencies.has("websocket") ? { websocket: { subprotocol } } : {}),
      },
      suites: suitesOf(environment),
    },
    null,
    2,
  );
}

/** What of each suite there is; a suite of nothing is left out. */
function suitesOf({ dependencies }: Environment): Record<string, readonly unknown[]> {
  const mock = !dependencies.has("auth") && dependencies.has("auth-mock");
  const auth = mock ? { dependency: "auth", assurance: "mock" } : "auth";
  const present = (names: readonly DependencyName[]) => names.filter((name) => dependencies.has(name));
  const suites = {
    database: present(["postgres", "clickhouse", "redis"]),
    e2e: [
      ...present(["postgres", "redis"]),
      ...(mock || dependencies.has("auth") ? [auth] : []),
      ...present(["websocket"]),
    ],
  };
  return Object.fromEntries(Object.entries(suites).filter(([, requires]) => requires.length > 0));
}

/** `${NAME}`, to be filled in by the service. */
function reference(name: DependencyName): string {
  return `\${${variables[name]}}`;
}

const guarded = {
  mode: "token",
  public: "verdict",
  operators: [`token:sandbox:\${${hashVariable}}`],
  limits: { perPrincipal: unlimited, perAddress: unlimited },
};

/** Variables of the caller's own that would reach into the sandbox. */
export function isForeign(name: string): boolean {
  return Object.values(variables).includes(name) || /^(AUTH|GREENLIGHT|SANDBOX)_/.test(name);
}
