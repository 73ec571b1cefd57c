import { type CauseDefinition, CAUSES, fillIn, RUNGS } from "../../services/causes.ts";
import { EXIT } from "../exit-codes.ts";
import type { CauseEntry } from "../views/cause-entry.ts";
import { causeGroups, renderCause } from "../views/causes-human.ts";
import { finish } from "../views/explain-lines.ts";
import { findingGroups, renderFinding } from "../views/findings-human.ts";
import { renderRootCause, rootCauseGroups } from "../views/root-causes-human.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { findingEntries } from "./finding-entries.ts";
import { rootCauseEntries } from "./root-cause-entries.ts";
import { unknownName } from "./unknown-name.ts";

export interface ExplainOptions extends OutputOptions {
  readonly code?: string | undefined;
}

/** Explains one code of a cause, a root cause or a finding, or lists all of them. */
export async function explain(context: CommandContext, options: ExplainOptions): Promise<number> {
  const causes = causeEntries();
  const findings = findingEntries();
  const rootCauses = rootCauseEntries();
  if (options.code === undefined) {
    writeResult(context, options, {
      result: { schemaVersion: 1, causes, rootCauses, findings },
      human: (_, terminal) =>
        finish(
          [
            ...causeGroups(causes, terminal),
            ...rootCauseGroups(rootCauses, terminal),
            ...findingGroups(findings, terminal),
            "One in full: greenlight explain CODE",
          ],
          terminal,
        ),
    });
    return EXIT.ok;
  }
  const code = codeIn(options.code);
  const cause = causes.find((each) => each.code === code);
  if (cause !== undefined) {
    writeResult(context, options, { result: { schemaVersion: 1, ...cause }, human: renderCause });
    return EXIT.ok;
  }
  const root = rootCauses.find((each) => each.code === code);
  if (root !== undefined) {
    writeResult(context, options, { result: { schemaVersion: 1, ...root }, human: renderRootCause });
    return EXIT.ok;
  }
  const finding = findings.find((each) => each.code === code);
  if (finding === undefined) {
    const known = [...causes, ...rootCauses, ...findings].map((each) => each.code);
    throw unknownName("cause, root cause or finding", options.code, {
      known,
      listWith: "greenlight explain",
    });
  }
  writeResult(context, options, { result: { schemaVersion: 1, ...finding }, human: renderFinding });
  return EXIT.ok;
}

/** Capitals and hyphens do not matter, and of the id of a finding its code is enough. */
const codeIn = (given: string): string => (given.split(":", 1)[0] ?? "").toUpperCase().replaceAll("-", "_");

/** In capitals, like the other things to fill in (`SERVICE`, `NETWORK`) of the remedies. */
const PLACEHOLDERS = {
  host: "HOST",
  port: "PORT",
  database: "DATABASE",
  user: "USER",
  dependency: "DEPENDENCY",
};

/** The whole table in the order of the rungs, what any rung can break with last. */
export function causeEntries(): CauseEntry[] {
  const table: Readonly<Record<string, CauseDefinition>> = CAUSES;
  const entries = Object.entries(table).map(([code, definition]): CauseEntry => {
    const { title, rung, retryable, owner, warns, explanation, remedies } = definition;
    return {
      code,
      title,
      rung: rung ?? null,
      status: warns === true ? "warn" : "fail",
      retryable,
      owner,
      explanation: fillIn(explanation, PLACEHOLDERS),
      remedies: remedies.map((remedy) => fillIn(remedy, PLACEHOLDERS)),
    };
  });
  return entries.sort((a, b) => place(a) - place(b));
}

const place = ({ rung }: CauseEntry): number => (rung === null ? RUNGS.length : RUNGS.indexOf(rung));
