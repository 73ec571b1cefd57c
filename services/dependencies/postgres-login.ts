import type { ClientConfig } from "pg";
import { GuardedSocket } from "../net/guarded-socket.ts";
import type { Address } from "./target.ts";

/** First bytes a Postgres server can send: authentication, error, notice, version; `S` and `N` answer the TLS request. */
const FIRST_BYTES = new Set(Buffer.from("RENSv"));

/** A socket that ends when what answers is no Postgres. */
export const postgresSocket = (): GuardedSocket => new GuardedSocket((byte) => FIRST_BYTES.has(byte));

/** How `pg` logs in: by the address alone, with no variables of the environment (`PGPASSWORD`, …). */
export const postgresLogin = ({ user, password, database, target }: Address) =>
  ({
    host: target.host,
    port: target.port,
    user: user ?? "postgres",
    database: database ?? user ?? "postgres",
    // A function, because pg replaces an empty password by PGPASSWORD or ~/.pgpass: a fallback nobody asked for.
    password: () => password ?? "",
    ssl: target.tls ?? false,
    keepAlive: true,
  }) satisfies ClientConfig;
