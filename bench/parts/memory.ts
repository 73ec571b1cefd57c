import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../http.ts";
import type { Lab } from "../lab.ts";
import { residentMiB } from "../proc.ts";
import { bareFastify, bareNodeHttp, ours, type ServerKind } from "../servers.ts";
import { type Spread, spread } from "../statistics.ts";

/** Resident memory of one kind of server that has answered a little and then rested. */
export interface Memory {
  readonly name: string;
  readonly residentMiB: Spread;
}

const warmUpRequests = 20;

/** Starts several of each kind, asks each a little, lets all rest, and reads what they hold. */
export async function measureMemory(lab: Lab): Promise<readonly Memory[]> {
  const { settings, say, signal } = lab;
  const results: Memory[] = [];
  for (const kind of [ours, bareFastify, bareNodeHttp]) {
    say(`Idle memory: ${settings.memoryRuns} of ${kind.name}, ${settings.memorySeconds} s`);
    const servers = await Promise.all(copies(lab, kind));
    for (const { url } of servers) {
      for (let request = 0; request < warmUpRequests; request += 1) {
        await ask(url, 1000);
      }
    }
    await sleep(settings.memorySeconds * 1000, undefined, { signal });
    results.push({ name: kind.name, residentMiB: spread(servers.map(({ pid }) => residentMiB(pid))) });
    await lab.stop(servers);
  }
  return results;
}

function copies(lab: Lab, kind: ServerKind) {
  return Array.from({ length: lab.settings.memoryRuns }, () => lab.launchReady(kind));
}
