import { by, type Phrase } from "./phrase.ts";

const redis = by(["redis"]);

/** Words of Redis and Valkey and their clients. */
export const REDIS_PHRASES: readonly Phrase[] = [
  redis(
    "STARTING_UP",
    /LOADING Redis is loading|is loading the dataset in memory/,
    "LOADING Redis is loading the dataset in memory",
    "every Redis client",
  ),
  redis(
    "AUTH_FAILED",
    /WRONGPASS invalid username-password pair|ERR invalid password|invalid username-password pair or user is disabled/,
    "WRONGPASS invalid username-password pair or user is disabled.",
    "every Redis client",
  ),
  redis(
    "PASSWORD_MISSING",
    /NOAUTH Authentication required|AuthenticationError: Authentication required/,
    "NOAUTH Authentication required.",
    "every Redis client",
  ),
  redis(
    "PERMISSION_DENIED",
    /\bNOPERM\b/,
    "NOPERM this user has no permissions to run the 'set' command",
    "every Redis client",
  ),
  redis(
    "TOO_MANY_CONNECTIONS",
    /max number of clients reached/,
    "ERR max number of clients reached",
    "every Redis client",
  ),
  redis(
    "READ_ONLY",
    /READONLY You can'?t write against|You can't write against a read only replica/,
    "READONLY You can't write against a read only replica.",
    "every Redis client",
  ),
  redis(
    "REPLICA_LINK_DOWN",
    /\bMASTERDOWN\b|Link with MASTER is down/,
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "every Redis client",
  ),
  redis("CLUSTER_DOWN", /\bCLUSTERDOWN\b/, "CLUSTERDOWN The cluster is down", "every Redis client"),
  redis("WRONG_NODE", /\bMOVED \d{1,5} \S{1,260}:\d{1,5}/, "MOVED 3999 10.0.0.7:6381", "every Redis client"),
  redis(
    "OUT_OF_MEMORY",
    /OOM command not allowed when used memory/,
    "OOM command not allowed when used memory > 'maxmemory'.",
    "every Redis client",
  ),
  redis(
    "DISK_FULL",
    /\bMISCONF Redis is configured to save|MISCONF Errors writing to the AOF/,
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    "every Redis client",
  ),
  redis(
    "OVERLOADED",
    /BUSY Redis is busy running a script/,
    "BUSY Redis is busy running a script.",
    "every Redis client",
  ),
  redis(
    "CONNECT_REFUSED",
    /Error (?:111|61|10061) connecting to \S{1,260}/,
    "Error 111 connecting to localhost:6379. Connection refused.",
    "redis-py",
  ),
  redis(
    "CONNECT_TIMEOUT",
    /Error (?:110|60|10060) connecting to \S{1,260}|Timeout connecting to server/,
    "Timeout connecting to server",
    "redis-py",
  ),
  redis(
    "QUERY_TIMEOUT",
    /Timeout reading from (?:socket|\S{1,260}:\d{1,5})|RedisCommandTimeoutException/,
    "Timeout reading from localhost:6379",
    "redis-py; Lettuce: RedisCommandTimeoutException",
  ),
  redis(
    "CONNECTION_CLOSED",
    /Reached the max retries per request limit|Stream isn't writeable and enableOfflineQueue|(?:Connection|Error)\b.{0,20}: Connection (?:is closed\.|closed by server)|Connection not ready\b|JedisConnectionException: Unexpected end of stream/,
    "Reached the max retries per request limit (which is 20).",
    "ioredis; redis-py: Connection closed by server; Jedis: Unexpected end of stream",
  ),
  redis(
    "CONNECT_FAILED",
    /Failed to connect to any host resolved for DNS name|JedisConnectionException: Failed to (?:create socket|connect)|RedisConnectionException: Unable to connect to|Could not get a resource from the pool/,
    "RedisConnectionException: Unable to connect to localhost:6379",
    "Lettuce; Jedis: Failed to create socket",
  ),
];
