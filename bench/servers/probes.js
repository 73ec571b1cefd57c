import { Redis } from "ioredis";
import { Pool } from "pg";

/**
 * The live checks of the peers, with the drivers' defaults.
 * LISTENERS=no leaves out the "error" listeners, which the peers' own examples leave out too.
 */
export function createProbes() {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
  const redis = new Redis(process.env.REDIS_URL);
  if (process.env.LISTENERS !== "no") {
    pool.on("error", () => undefined);
    redis.on("error", () => undefined);
  }
  return {
    postgres: async () => {
      await pool.query("SELECT 1");
    },
    redis: async () => {
      await redis.ping();
    },
  };
}

export const port = Number(process.env.PORT);
export const host = "127.0.0.1";
