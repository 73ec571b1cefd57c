import type { Redis } from "ioredis";
import { CauseError, GreenlightError } from "../errors.ts";
import { isServerError } from "./redis-errors.ts";

/** Nothing is ever kept under it. */
const PROBED_KEY = "greenlight:probe";

/** A proxy answers PING by itself; these are its words for a server that it does not reach (Envoy, twemproxy). */
const NOBODY_BEHIND =
  /\bupstream (?:failure|host)|\bno (?:healthy )?upstream|^ERR (?:Connection (?:refused|timed out|reset by peer)|Host is (?:down|unreachable)|No route to host|server (?:closed connection|ejected))/i;

/** Of a write that changes nothing: what the server says to every write, whatever its key. */
const TAKES_NO_WRITES = /^(?:OOM|NOREPLICAS|READONLY|MISCONF|CLUSTERDOWN|MASTERDOWN)\b/;

/** Asks one connection whether the server serves. */
export interface RedisProbe {
  /** Resolves with the answer to HELLO, which is an error where that is not known or not allowed. */
  ask(): Promise<unknown>;
}

/**
 * One round trip: PING, who the server says it is, and whether it takes writes. A server that is full, or has lost its
 * replicas or its cluster, answers PING as ever. SETRANGE with an empty value changes nothing, not even a key that is
 * not there, and is refused like any write.
 */
export function createRedisProbe(redis: Redis, writable: boolean): RedisProbe {
  // A user without the right to the command or the key may write elsewhere; each refusal is put down in the ACL's log.
  let mayProbe = writable;

  return {
    async ask() {
      const asked = redis.pipeline().ping().call("HELLO");
      if (mayProbe) asked.setrange(PROBED_KEY, 0, "");
      const [ping, hello, write] = (await asked.exec()) ?? [];
      const [pingError] = ping ?? [new GreenlightError("PROTOCOL", "no answer to PING")];
      if (pingError !== null) throw pingError;
      await expectRole(redis, hello?.[1], writable);
      const refusal = write?.[0] ?? undefined;
      if (refusal !== undefined && isTelling(refusal)) throw refusal;
      if (refusal?.message.startsWith("NOPERM") === true) mayProbe = false;
      return hello?.[1];
    },
  };
}

const isTelling = ({ message }: Error): boolean =>
  TAKES_NO_WRITES.test(message) || NOBODY_BEHIND.test(message);

async function expectRole(redis: Redis, hello: unknown, writable: boolean): Promise<void> {
  const role = await roleOf(redis, hello);
  if (role === "sentinel") {
    throw new CauseError("PROTOCOL_MISMATCH", "this is a Sentinel, which keeps no data, and no Redis server");
  }
  if (writable && role === "replica") {
    throw new CauseError("READ_ONLY", "this server is a replica and takes no writes");
  }
}

/**
 * HELLO tells the role to every user, and a Sentinel its mode; before Redis 6 there is only ROLE. A user who has the
 * right to neither may write all the same; then there is nothing to say.
 */
async function roleOf(redis: Redis, hello: unknown): Promise<"replica" | "sentinel" | undefined> {
  if (Array.isArray(hello)) {
    if (hello[hello.indexOf("mode") + 1] === "sentinel") return "sentinel";
    return hello[hello.indexOf("role") + 1] === "replica" ? "replica" : undefined;
  }
  const role = await redis.role().catch((error: unknown) => {
    if (!isServerError(error)) throw error;
  });
  const [name] = Array.isArray(role) ? role : [];
  return name === "slave" ? "replica" : name === "sentinel" ? "sentinel" : undefined;
}
