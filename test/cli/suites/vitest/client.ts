import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { onTestFinished } from "vitest";

/** A connection of one test. */
export async function connect(): Promise<Client> {
  const client = new Client({
    connectionString: process.env.DATABASE_URL,
    connectionTimeoutMillis: 3000,
  });
  // What breaks between two queries is found by the next one.
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

/** Tells whoever watches that the test has begun, and waits until the environment was changed. */
export async function meanwhile(name: string): Promise<void> {
  const { SIGNALS = "" } = process.env;
  writeFileSync(join(SIGNALS, name), "begun");
  while (!existsSync(join(SIGNALS, `${name}.done`))) await sleep(20);
}
