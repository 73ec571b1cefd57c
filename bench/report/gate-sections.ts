import type { Figures } from "../figures.ts";
import { duration, fixed, spreadText, whole } from "./numbers.ts";
import { table } from "./table.ts";

/** What the commands, held requests and large reports cost. */
export function gateTables({ gate }: Figures): readonly string[] {
  if (gate === undefined) return [];
  const { commands, held, join } = gate;
  return [
    "Commands from spawn to end, run in turn: median [quartiles]. Greenlight is bundled as it is published, and has its compile cache; its stability window, three seconds by default, is set to none, which is what the others have.",
    table(
      [
        ["command", "left"],
        ["what it does", "left"],
        ["ms", "right"],
        ["× wait-on", "right"],
        ["ms over node -e 0", "right"],
      ],
      commands.map(({ name, does, ms, toWaitOn, overNode }) => [
        name,
        does,
        whole(ms.median),
        spreadText(toWaitOn),
        whole(overNode.median),
      ]),
    ),
    `Held requests: ${whole(held.count)} on one instance while Redis is refused, ${fixed(held.kibEach)} KiB each. After the end of the incident the first was answered in ${duration(held.firstMs)}, half in ${duration(held.medianMs)}, the last in ${duration(held.lastMs)}; lost: ${whole(held.lost)}. The answers are read by one process, which shares the machine.`,
    `A JUnit report of ${whole(join.tests)} tests (${whole(join.bytes / 1e6)} MB, ${whole(join.failures)} failures), read and joined to three incidents by a process of its own, its start included: ${duration(join.ms.median)}, at most ${whole(join.peakMiB.median)} MiB.`,
  ];
}
