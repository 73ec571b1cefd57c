import type { Redis } from "ioredis";

/** As the server tells it: anything may be there. */
export interface RedisVersion {
  readonly product: "Redis" | "Valkey";
  readonly version: unknown;
}

/** In the answer to HELLO, which every user may ask for; undefined before Redis 6. */
export function versionIn(hello: unknown): RedisVersion | undefined {
  if (!Array.isArray(hello)) return undefined;
  const member = (name: string): unknown => {
    const at = hello.indexOf(name);
    return at === -1 ? undefined : (hello[at + 1] as unknown);
  };
  const version = member("version");
  if (version === undefined) return undefined;
  return { product: member("server") === "valkey" ? "Valkey" : "Redis", version };
}

/** Asks with INFO; null when that is refused. Whether the server answers at all was proven before. */
export async function askVersion(redis: Redis): Promise<RedisVersion | null> {
  const info = await redis.info("server").catch(() => "");
  const valkey = /^valkey_version:(.+)$/m.exec(info)?.[1];
  if (valkey !== undefined) return { product: "Valkey", version: valkey };
  const version = /^redis_version:(.+)$/m.exec(info)?.[1];
  return version === undefined ? null : { product: "Redis", version };
}
