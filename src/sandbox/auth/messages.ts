/** What the parent gives to the child that is the auth service. */
export interface AuthConfig {
  port: number;
  /** Accepts any client and any token, and signs nothing. */
  mock: boolean;
  /** The name in its status. */
  service: string;
  client: { id: string; secret: string };
  /** Default: the URL under which it is asked, so a proxy in front needs no configuration. */
  issuer?: string | undefined;
  /** Members of the discovery document that replace the right ones; null leaves one out. */
  metadata: Readonly<Record<string, unknown>>;
  tls?: { certFile: string; keyFile: string } | undefined;
}

/** The variable through which the configuration travels, as JSON. */
export const configVariable = "GREENLIGHT_SANDBOX_AUTH";
