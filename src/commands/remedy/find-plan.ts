import { resolve } from "node:path";
import type { JournalStore } from "../../../services/remediation/journal.ts";
import { planDigest } from "../../../services/remediation/plan-digest.ts";
import type { Plan } from "../../../services/remediation/plan.ts";
import { EXIT } from "../../exit-codes.ts";
import { parsePlan } from "../../remediation/plan-parse.ts";
import { readPlanFile } from "../../remediation/read-plan-file.ts";
import { clean } from "../../views/text.ts";
import { CliError, usageError } from "../cli-error.ts";

export interface FoundPlan {
  readonly plan: Plan;
  readonly digest: string;
}

/** Whether it is a path and not the id of a plan. */
export const isPath = (given: string): boolean => /[/\\]|\.(?:ya?ml|json)$/i.test(given);

/** @throws {CliError} when there is no such plan (64), or it is none that can be applied (65). */
export async function findPlan(
  given: string,
  { store, cwd }: { readonly store: JournalStore; readonly cwd: string },
): Promise<FoundPlan> {
  return isPath(given) ? fromFile(given, cwd) : fromStore(given, store);
}

async function fromStore(id: string, store: JournalStore): Promise<FoundPlan> {
  const stored = await store.loadPlan(id);
  if (stored === undefined)
    throw usageError(
      `there is no plan ${JSON.stringify(clean(id).slice(0, 60))} in the store.`,
      "greenlight plan makes one and prints its id; a plan in a file is named by its path.",
    );
  // Written by us, after it was checked; whoever changed it since has not changed what is confirmed.
  const plan = stored.plan as unknown as Plan;
  const digest = planDigest(plan);
  if (digest !== stored.digest)
    throw new CliError(
      EXIT.findings,
      `the plan ${clean(id)} in the store is not the one that was saved: its digest is ${digest}, expected ${stored.digest}.`,
      {
        hint: "Make it anew: greenlight plan",
      },
    );
  return { plan, digest };
}

/** @throws {CliError} */
export async function fromFile(given: string, cwd: string): Promise<FoundPlan> {
  const shown = clean(given);
  const read = await readPlanFile(resolve(cwd, given));
  if (!read.ok && read.code === "ENOENT") throw usageError(`there is no file ${shown}.`);
  const parsed = read.ok ? await parsePlan(read.text) : { ok: false as const, faults: [read.fault] };
  if (parsed.ok) return { plan: parsed.plan, digest: planDigest(parsed.plan) };
  const faults = parsed.faults.map(
    ({ line, column, code, path, expected, found }) =>
      `${shown}:${line}:${column}: ${code}${path === "" ? "" : ` ${path}`}: expected ${expected}, found ${found}`,
  );
  const message = `${shown} is no plan that can be applied; nothing was changed.\n${faults.join("\n")}`;
  throw new CliError(EXIT.findings, message, {
    hint: `All that is wrong with it: greenlight plan lint ${shown}`,
  });
}
