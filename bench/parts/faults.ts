import { setTimeout as sleep } from "node:timers/promises";
import { type FaultKind, faultKinds } from "../fault-kinds.ts";
import { type FaultOutcome, judgeFault } from "../fault-outcome.ts";
import { ask } from "../http.ts";
import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { pollNow, type PollTarget, startPoll } from "../poll.ts";
import { bareNodeHttp, ours, peers, type ServerKind } from "../servers.ts";

/** One fault, as the clients of all servers saw it. */
export interface FaultResult {
  readonly id: string;
  readonly title: string;
  readonly truth: FaultKind["truth"];
  readonly shownWithinMs: number;
  readonly servers: readonly Watched[];
}

/** One server under one fault. */
export interface Watched {
  readonly name: string;
  readonly outcome: FaultOutcome;
}

const settleMs = 700;
/** bare-node-http has no dependency: what its clients wait is the noise of the measurement. */
const own = [ours, bareNodeHttp];
/** More at once than a pool of pg has connections, so that all of them are open. */
const parallelRequests = 12;

/**
 * Breaks the backends in seven ways, first under Greenlight and then under all peers at once: what they do to the
 * machine while they hang and exit is not to be seen in Greenlight's answers.
 */
export async function measureFaults(lab: Lab): Promise<readonly FaultResult[]> {
  const results: FaultResult[] = [];
  for (const kind of faultKinds.filter(({ id }) => lab.settings.faults.includes(id))) {
    lab.say(`Fault ${kind.id}: ${kind.title}`);
    const servers = await watch(lab, kind, own);
    if (lab.settings.peerFaults.includes(kind.id)) {
      lab.say(`Fault ${kind.id}: the peers`);
      servers.push(...(await watch(lab, kind, peers)));
    }
    const { id, title, truth, shownWithinMs } = kind;
    results.push({ id, title, truth, shownWithinMs, servers });
  }
  return results;
}

async function watch(lab: Lab, kind: FaultKind, kinds: readonly ServerKind[]): Promise<Watched[]> {
  const { environment, settings, signal } = lab;
  const poll = await startPoll();
  const servers: Running[] = [];
  const started = pollNow();
  try {
    if (kind.beforeStart) {
      await kind.begin(environment);
    }
    // One after the other: servers that boot at the same time would be slow through each other.
    for (const each of kinds) {
      const server = await startOne(lab, each, kind);
      servers.push(server);
      poll.add(targetFor(server));
      await sleep(settleMs, undefined, { signal });
    }
    await Promise.all(servers.flatMap(fillPool));
    const begin = kind.beforeStart ? started : pollNow();
    if (!kind.beforeStart) {
      await kind.begin(environment);
    }
    await sleep(settings.faultSeconds * 1000, undefined, { signal });
    const endBegan = pollNow();
    await kind.end(environment);
    const ended = pollNow();
    await sleep(settings.recoverySeconds * 1000, undefined, { signal });
    const window = { begin, endBegan, ended, until: pollNow() };
    const exited = new Set(servers.filter((server) => !server.process.running));
    await poll.stop();
    return servers.map((server) => ({
      name: server.name,
      outcome: judgeFault({
        ...kind,
        window,
        samples: poll.samples.filter(({ name }) => name === server.name),
        exited: exited.has(server),
      }),
    }));
  } finally {
    await poll.stop();
    await lab.stop(servers);
  }
}

function startOne(lab: Lab, each: ServerKind, { beforeStart, listeners }: FaultKind): Promise<Running> {
  const options = { listeners, proxied: true };
  return beforeStart ? lab.launch(each, options) : lab.launchReady(each, options);
}

function targetFor({ name, url, kind }: Running): PollTarget {
  return kind.role === "peer"
    ? { name, url, everyMs: 200, giveUpMs: 3000 }
    : { name, url, everyMs: 20, giveUpMs: 3000 };
}

function fillPool({ url, kind }: Running): readonly Promise<unknown>[] {
  return kind.role === "peer" ? Array.from({ length: parallelRequests }, () => ask(url, 1000)) : [];
}
