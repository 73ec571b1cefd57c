// The child process that is the auth service.
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { followParent, tellReady } from "../parent.ts";
import { createHandler } from "./handler.ts";
import { createIssuer } from "./issuer.ts";
import { type AuthConfig, configVariable } from "./messages.ts";
import type { AuthMode } from "./modes.ts";

const config: AuthConfig = JSON.parse(process.env[configVariable] ?? "{}");
const issuer = createIssuer(config);
if (!config.mock) {
  // Before the first request, which would wait for it.
  await issuer.signingKey();
}
followParent<AuthMode>(issuer.setFault);
const server = listener(createHandler(issuer));
server.keepAliveTimeout = 10_000;
server.listen(config.port, "127.0.0.1", tellReady);

function listener(handler: RequestListener): Server {
  if (config.tls === undefined) {
    return createServer(handler);
  }
  const { certFile, keyFile } = config.tls;
  return createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, handler);
}
