import { type CauseDefinition, CAUSES, fillIn, RUNGS } from "../../services/causes.ts";
import { EXIT } from "../exit-codes.ts";
import type { CauseEntry } from "../views/cause-entry.ts";
import { renderCause, renderCauses } from "../views/causes-human.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { unknownName } from "./unknown-name.ts";

export interface ExplainOptions extends OutputOptions {
  readonly code?: string | undefined;
}

/** Explains one cause, or lists all of them. */
export async function explain(context: CommandContext, options: ExplainOptions): Promise<number> {
  if (options.code === undefined) {
    writeResult(context, options, {
      result: { schemaVersion: 1, causes: causeEntries() },
      human: ({ causes }, terminal) => renderCauses(causes, terminal),
    });
    return EXIT.ok;
  }
  const code = options.code.toUpperCase().replaceAll("-", "_");
  const entry = causeEntries().find((each) => each.code === code);
  if (entry === undefined)
    throw unknownName("cause", options.code, { known: Object.keys(CAUSES), listWith: "greenlight explain" });
  writeResult(context, options, { result: { schemaVersion: 1, ...entry }, human: renderCause });
  return EXIT.ok;
}

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
