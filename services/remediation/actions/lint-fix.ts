import type { Action, Assessment, Json, Outcome, Position } from "../action.ts";
import { isRecord } from "../../json.ts";
import type { FileChanges, LintCapability, LintKind, LintLook, RefusedFile } from "../capability.ts";
import { done, failed, positionUnknown, refused } from "./gcp.ts";
import { FOLDER_RULE } from "./local-rules.ts";
import { readParams } from "./params.ts";
import { commandLine } from "./shell.ts";

type Params = { readonly folder: string };

const NO_LINT = "no suite can be linted from here: apply the plan where its files are";

/** Registers the markers that tests use and no configuration names. */
export const registerMarkers = (): Action<Params> => lintFix("register-markers", "markers");

/** Takes away awaits of what is not async, and awaits what is. */
export const fixAwaits = (): Action<Params> => lintFix("fix-awaits", "awaits");

/** What `greenlight lint --fix` does, in a journal outside of the tree: taken back to the byte, or not at all. */
function lintFix(kind: string, what: LintKind): Action<Params> {
  return {
    kind,
    destructive: false,
    parse: (params) => readParams<Params>(params, { folder: FOLDER_RULE }),
    async assess({ folder }, { lint }, signal) {
      if (lint === undefined) return refused(NO_LINT);
      const look = await attempt(signal, () => lint.look(what, folder, signal));
      return "kind" in look ? { kind: "unknown", because: look.because } : judge(look, { folder, what });
    },
    async apply({ folder }, prior, { lint }, signal) {
      if (lint === undefined) return failed(NO_LINT);
      const changes = changesIn(prior);
      const left = await attempt(signal, () => lint.fix(what, folder, changes, signal));
      return told(left, `${list(changes.files.map(({ file }) => file))} put right`);
    },
    settle: async (params, prior, { lint }, signal) => {
      const place = await position(lint, prior, signal);
      return place === "after" ? done("all files are put right") : failed(`the files are ${place}`);
    },
    async rollback(_params, prior, { lint }, signal) {
      if (lint === undefined) return failed(NO_LINT);
      const changes = changesIn(prior);
      const left = await attempt(signal, () => lint.undo(changes));
      return told(left, `${list(changes.files.map(({ file }) => file))} as before`);
    },
    locate: (_params, prior, { lint }, signal) => position(lint, prior, signal),
    command: ({ folder }) => commandLine(["greenlight", "lint", what, folder, "--fix"]),
    permissions: () => [],
  };
}

interface Asked {
  readonly folder: string;
  readonly what: LintKind;
}

function judge({ root, files, findings, fixable }: LintLook, { folder, what }: Asked): Assessment {
  if (findings === 0)
    return { kind: "satisfied", evidence: `the lint of ${what} finds nothing in ${folder}` };
  if (files.length === 0) {
    const because = `the lint of ${what} finds ${findings} in ${folder}, and none that it can put right: see greenlight lint ${what}`;
    return refused(because);
  }
  const prior: Json = { root, files: files.map(({ file, before, after }) => ({ file, before, after })) };
  return {
    kind: "needed",
    change: {
      symbol: "~",
      target: `${what} of the tests in ${folder}`,
      before: { findings, files: shortened(files, "before") },
      after: { findings: findings - fixable, files: shortened(files, "after") },
    },
    prior,
  };
}

/** Enough of a digest to see that the file is another. */
const shortened = (files: FileChanges["files"], side: "before" | "after"): Json =>
  Object.fromEntries(files.map((each) => [each.file, each[side].slice(0, 12)]));

/** @throws {GreenlightError} POSITION_UNKNOWN */
async function position(
  lint: LintCapability | undefined,
  prior: Json,
  signal: AbortSignal,
): Promise<Position> {
  if (lint === undefined) return positionUnknown(NO_LINT);
  const changes = changesIn(prior);
  const states = await attempt(signal, () => lint.states(changes));
  if ("kind" in states) return positionUnknown(states.because);
  if (states.some((state) => state === "changed" || state === "gone")) return "elsewhere";
  if (states.every((state) => state === "before")) return "before";
  return states.every((state) => state === "after") ? "after" : "between";
}

/** What the lint itself cannot do: a folder that is gone, a journal that cannot be written. */
async function attempt<T extends object>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | (Outcome & { readonly kind: "failed" })> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", because: error instanceof Error ? error.message : String(error) };
  }
}

function told(
  left: readonly RefusedFile[] | (Outcome & { readonly kind: "failed" }),
  evidence: string,
): Outcome {
  if ("kind" in left) return left;
  const [first] = left;
  if (first === undefined) return done(evidence);
  return failed(left.map(({ file, reason }) => `${file}: ${reason}`).join("; "));
}

/** Written by `assess`, and back from the journal. @throws {TypeError} for what it cannot have written. */
function changesIn(prior: Json): FileChanges {
  if (!isRecord(prior) || typeof prior["root"] !== "string" || !Array.isArray(prior["files"]))
    throw new TypeError("what was recorded before the change is no list of files");
  return prior as unknown as FileChanges;
}

const MOST = 5;

function list(files: readonly string[]): string {
  const shown = files.slice(0, MOST).join(", ");
  const rest = files.length - MOST;
  return `${shown}${rest > 0 ? ` and ${rest} more` : ""} ${files.length === 1 ? "is" : "are"}`;
}
