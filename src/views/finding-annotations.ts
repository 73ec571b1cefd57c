import type { Finding, Severity } from "../../services/findings/finding.ts";
import { workflowCommand } from "./reports/github-commands.ts";
import { plural } from "./run-words.ts";

const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const;

/** GitHub shows ten of each kind for a step; the last place says how many are left. */
const MOST = 9;

/** Findings as annotations of GitHub Actions, the worst first. `prefix` makes their files relative to the repository. */
export function renderFindingAnnotations(findings: readonly Finding[], prefix = ""): string {
  const lines = (Object.keys(COMMANDS) as Severity[]).flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    const left = own.length - MOST;
    const rest =
      left > 0
        ? [
            workflowCommand(COMMANDS[severity], {
              properties: { title: "Greenlight" },
              message: `${plural(left, `more ${severity}`)}: see the log of this step.`,
            }),
          ]
        : [];
    return own
      .slice(0, MOST)
      .map((finding) => annotate(finding, prefix))
      .concat(rest);
  });
  return lines.map((line) => `${line}\n`).join("");
}

function annotate({ code, severity, message, place, remedies }: Finding, prefix: string): string {
  const where =
    place?.kind === "file"
      ? {
          file: prefix + place.file,
          ...(place.line === undefined ? {} : { line: String(place.line) }),
          ...(place.line === undefined || place.column === undefined ? {} : { col: String(place.column) }),
        }
      : {};
  return workflowCommand(COMMANDS[severity], {
    properties: { ...where, title: code },
    message: [message, ...(remedies[0] === undefined ? [] : [`Next: ${remedies[0]}`])].join("\n"),
  });
}
