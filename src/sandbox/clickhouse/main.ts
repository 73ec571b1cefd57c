// The child process with the ClickHouse engine. It ends with its parent: when the IPC channel closes.
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { openEngine } from "./engine.ts";
import { createGrants } from "./grants.ts";
import { createHandler } from "./handler.ts";
import { type ClickHouseConfig, type ClickHouseMessage, configVariable } from "./messages.ts";
import { seedClickHouse } from "./seed.ts";

const config: ClickHouseConfig = JSON.parse(process.env[configVariable] ?? "{}");
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));

const engine = await openEngine(config.directory);
await seedClickHouse(engine);
const { users } = config;
let count = 0;
const onQuery = (): void => tell((count += 1));
const server = listener(createHandler({ engine, users, grants: createGrants(users), onQuery }));
server.keepAliveTimeout = 10_000;
server.listen(config.port, "127.0.0.1", () => tell("ready"));

function listener(handler: RequestListener): Server {
  if (config.tls === undefined) {
    return createServer(handler);
  }
  const { certFile, keyFile } = config.tls;
  return createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, handler);
}

function tell(message: ClickHouseMessage): void {
  process.send?.(message);
}
