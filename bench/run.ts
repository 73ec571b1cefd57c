import type { PartName, Settings } from "./arguments.ts";
import type { Cores } from "./cores.ts";
import type { Figures, PeerFigures } from "./figures.ts";
import { type Lab, openLab } from "./lab.ts";
import { measureAccess } from "./parts/access.ts";
import { measureContext } from "./parts/context.ts";
import { measureDiscovery } from "./parts/discovery.ts";
import { measureGate } from "./parts/gate.ts";
import { measureLint } from "./parts/lint.ts";
import { measureRemediation } from "./parts/remediation.ts";
import { measureFaults } from "./parts/faults.ts";
import { measureLatency } from "./parts/latency.ts";
import { measureMemory } from "./parts/memory.ts";
import { measureObservations } from "./parts/observations.ts";
import { measureStart } from "./parts/start.ts";
import { measureThroughput } from "./parts/throughput.ts";
import { peers } from "./servers.ts";

const measures: Record<PartName, (lab: Lab) => Promise<Figures>> = {
  throughput: async (lab) => ({ throughput: await measureThroughput(lab) }),
  latency: async (lab) => ({ latency: await measureLatency(lab) }),
  access: async (lab) => ({ access: await measureAccess(lab) }),
  discovery: async (lab) => ({ discovery: await measureDiscovery(lab) }),
  context: async (lab) => ({ context: await measureContext(lab) }),
  lint: async (lab) => ({ lint: await measureLint(lab) }),
  remediation: async (lab) => ({ remediation: await measureRemediation(lab) }),
  gate: async (lab) => ({ gate: await measureGate(lab) }),
  observations: async (lab) => ({ observations: await measureObservations(lab) }),
  faults: async (lab) => ({ faults: await measureFaults(lab) }),
  start: async (lab) => ({ start: await measureStart(lab) }),
  memory: async (lab) => ({ memory: await measureMemory(lab) }),
};

export interface RunOptions {
  readonly settings: Settings;
  readonly cores: Cores | undefined;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Measures the wanted parts, one after the other, on one set of backends; leaves nothing behind. */
export async function runParts(options: RunOptions): Promise<Figures> {
  const lab = await openLab(options);
  try {
    const figures: Figures = {};
    for (const part of options.settings.parts) {
      Object.assign(figures, await measures[part](lab));
    }
    return figures;
  } finally {
    await lab.close();
  }
}

/** The figures once more, gathered by peer. */
export function gatherPeers(figures: Figures): readonly PeerFigures[] {
  return peers.map(({ name, does }) => ({
    name,
    does,
    throughput: figures.throughput?.filter((each) => each.name === name) ?? [],
    observations: figures.observations?.peers.filter((each) => each.name === name) ?? [],
    faults: (figures.faults ?? []).flatMap(({ id, servers }) =>
      servers.filter((each) => each.name === name).map(({ outcome }) => ({ id, outcome })),
    ),
  }));
}
