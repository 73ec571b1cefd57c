// A small, real OpenID Connect issuer in a child process, or a mock of one that accepts everything.
import { type FaultyServer, startFaultyChild } from "../faulty-child.ts";
import { freePort } from "../ports.ts";
import type { UrlOptions } from "../server.ts";
import { type AuthConfig, configVariable } from "./messages.ts";
import { authModes, mockModes } from "./modes.ts";

/** Options of the auth service. The client's secret has a default: those of a sandbox are no secrets. */
export interface AuthServerOptions {
  port?: number;
  /** Accept any client and any token, and sign nothing. */
  mock?: boolean;
  /** The name in its status; default `sandbox-auth`, of a mock `mock-auth`. */
  service?: string;
  clientId?: string;
  clientSecret?: string;
  /** Default: the URL under which it is asked, so that a proxy in front is part of it. */
  issuer?: string;
  /** Members of the discovery document that replace the right ones; null leaves one out. */
  metadata?: Readonly<Record<string, unknown>>;
  /** Serve HTTPS with these PEM files. */
  tls?: { certFile: string; keyFile: string };
  signal?: AbortSignal | undefined;
}

/** Starts the auth service on 127.0.0.1, with new keys. Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`. */
export async function startAuth(options: AuthServerOptions = {}): Promise<FaultyServer> {
  const { mock = false, clientId = "greenlight", clientSecret = "sandbox-client-secret" } = options;
  const name = mock ? "auth-mock" : "auth";
  const port = options.port ?? (await freePort());
  const config: AuthConfig = {
    port,
    mock,
    service: options.service ?? (mock ? "mock-auth" : "sandbox-auth"),
    client: { id: clientId, secret: clientSecret },
    issuer: options.issuer,
    metadata: options.metadata ?? {},
    tls: options.tls,
  };
  const url = (given: UrlOptions = {}): string =>
    `${options.tls ? "https" : "http"}://${given.host ?? "127.0.0.1"}:${given.port ?? port}`;
  return startFaultyChild({
    name,
    program: new URL("main.ts", import.meta.url),
    env: { [configVariable]: JSON.stringify(config) },
    modes: mock ? mockModes : Object.keys(authModes),
    address: { port, url, adminUrl: url },
    signal: options.signal,
  });
}
