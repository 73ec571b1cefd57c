import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDependency } from "../../src/sandbox/environment.ts";
import { waitUntil } from "../../src/sandbox/wait.ts";
import { ask } from "../http.ts";
import type { Lab } from "../lab.ts";
import { startPoll } from "../poll.ts";
import { ours } from "../servers.ts";
import { maximum, quantile } from "../statistics.ts";

/** What a caller of `/health/auth` meets when three of four candidates accept connections and stay silent. */
export interface Discovery {
  /** From the first answer of the process to the first that says which candidate serves. */
  readonly firstMs: number;
  /** After that, while discoveries go on. */
  readonly polls: number;
  readonly slowestMs: number;
  readonly p99Ms: number;
  readonly notOk: number;
}

/** The default overall deadline of a discovery. */
export const deadlineMs = 5000;
const everyMs = 20;

/** Starts Greenlight on four candidates, the first three blackholed, and asks it every 20 ms. */
export async function measureDiscovery(lab: Lab): Promise<Discovery> {
  const { settings, say, signal } = lab;
  say("Discovery: four candidates, three blackholed");
  const servers = await Promise.all([1, 2, 3, 4].map(() => startDependency("auth", { signal })));
  const folder = mkdtempSync(join(tmpdir(), "greenlight-bench-"));
  const poll = await startPoll();
  try {
    for (const silent of servers.slice(0, 3)) {
      await silent.proxy.setMode("blackhole");
    }
    const config = join(folder, "greenlight.yaml");
    const candidates = servers.map((each, index) => ({
      name: `candidate-${index + 1}`,
      kind: "real",
      url: each.url(),
      service: "sandbox-auth",
    }));
    writeFileSync(config, JSON.stringify({ dependencies: { auth: { candidates } } }));
    const asked = { ...ours, path: "/health/auth" };
    const server = await lab.launch(asked, { variables: { GREENLIGHT_CONFIG: config } });
    const statusOf = async (): Promise<number> => (await ask(server.url, 1000)).status;
    const wait = { deadlineMs: 20_000, intervalMs: 5, signal };
    await waitUntil("greenlight answers", async () => (await statusOf()) !== 0, wait);
    const from = performance.now();
    await waitUntil("a candidate serves", async () => (await statusOf()) === 200, wait);
    const firstMs = performance.now() - from;
    poll.add({ name: server.name, url: server.url, everyMs, giveUpMs: 3000 });
    await sleep(settings.discoverySeconds * 1000, undefined, { signal });
    await poll.stop();
    await lab.stop([server]);
    const took = poll.samples.map((each) => each.tookMs);
    return {
      firstMs,
      polls: took.length,
      slowestMs: maximum(took),
      p99Ms: quantile(took, 0.99),
      notOk: poll.samples.filter((each) => each.status !== 200).length,
    };
  } finally {
    await poll.stop();
    await Promise.all(servers.map((each) => each.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}
