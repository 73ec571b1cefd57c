import type { Figures } from "../figures.ts";
import { duration, spreadText, whole } from "./numbers.ts";
import { table } from "./table.ts";

/** What linting a large suite costs, beside what pytest needs to collect it. */
export function lintBlocks({ lint }: Figures): readonly string[] {
  if (lint === undefined) return [];
  const { files, lines, tests, times } = lint;
  return [
    `A generated suite of ${whole(files)} Python files with ${whole(lines)} lines and ${whole(tests)} tests, looked at in turn with all cores; pytest's own compiled files are there from a round that is not counted. Median [quartiles].`,
    table(
      [
        ["command", "left"],
        ["what it does", "left"],
        ["time", "right"],
        ["× pytest", "right"],
        ["MiB at most", "right"],
      ],
      times.map(({ name, does, ms, toPytest, peakMiB }) => [
        name,
        does,
        duration(ms.median),
        spreadText(toPytest),
        whole(peakMiB),
      ]),
    ),
  ];
}
