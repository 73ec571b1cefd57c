import type { Action } from "../action.ts";
import { INSTRUCTIONS_RULE } from "./local-rules.ts";
import { readParams } from "./params.ts";

type Params = { readonly instructions: readonly string[] };

const WAITING = "a person does it, and nobody has told yet that it is done";

/** Tells a person what to do. Changes nothing itself: the step's verifiers say when it is done. */
export function manual(): Action<Params> {
  return {
    kind: "manual",
    destructive: false,
    byHand: true,
    parse: (params) => readParams<Params>(params, { instructions: INSTRUCTIONS_RULE }),
    async assess({ instructions }) {
      const change = { symbol: "!", target: "a person", before: null, after: instructions } as const;
      return { kind: "needed", change, prior: null };
    },
    async apply({ instructions }) {
      const list = instructions.map((each, index) => `${index + 1}. ${each}`).join(" ");
      return { kind: "pending", because: `${WAITING}: ${list}` };
    },
    settle: async () => ({ kind: "pending", because: WAITING }),
    rollback: async () => ({
      kind: "done",
      evidence: "Greenlight changed nothing here; what was done by hand is taken back by hand",
    }),
    // What a person did is not Greenlight's to see; whether it holds, the verifiers say.
    locate: async () => "before",
    // Each line a comment: nothing of a person's prose is ever run.
    command: ({ instructions }) =>
      instructions
        .flatMap((each) => each.split("\n"))
        .map((line) => `# ${line}`)
        .join("\n"),
    permissions: () => [],
  };
}
