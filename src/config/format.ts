import type { ConfigFault } from "./config.ts";

/** The verdict first, then one numbered entry for each fault. */
export function formatFaults(faults: readonly ConfigFault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const entries = faults.map((fault, index) => formatFault(fault, index + 1));
  return [`The configuration has ${count}; nothing was started.`, ...entries].join("\n\n");
}

function formatFault(
  { where, path, code, expected, found, suggestion }: ConfigFault,
  number: number,
): string {
  const lines = [
    `${number}. ${where}${path ? ` (${path})` : ""} ${code}`,
    `   expected: ${expected}`,
    `   found:    ${found}`,
  ];
  return [...lines, ...(suggestion ? [`   try:      ${suggestion}`] : [])].join("\n");
}
