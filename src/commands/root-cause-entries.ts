import { fillIn } from "../../services/why/fill-in.ts";
import type { RootCauseDefinition } from "../../services/why/definition.ts";
import { ROOT_CAUSES } from "../../services/why/root-causes.ts";
import type { RootCauseEntry } from "../views/root-cause-entry.ts";

/** Every root cause, in the order in which they are told apart; what is filled in is in capitals. */
export const rootCauseEntries = (): RootCauseEntry[] =>
  Object.entries<RootCauseDefinition>(ROOT_CAUSES).map(
    ([code, { title, owner, explanation, remedies, actions }]) => ({
      code,
      title,
      owner,
      explanation: fillIn(explanation, {}),
      remedies: remedies.map((remedy) => fillIn(remedy, ATTACHMENT)),
      actions,
    }),
  );

/** Two words, of which a connector would make one. */
const ATTACHMENT = { attachment: "--network NETWORK --subnet SUBNET" };
