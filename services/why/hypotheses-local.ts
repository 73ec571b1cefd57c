import type { ProposedAction } from "./proposed-action.ts";
import { type Hypothesis, link, show } from "./hypothesis.ts";
import { rungOf } from "./symptom.ts";

/** Sessions idle for longer than this are ended, in ms; pools give up theirs earlier. */
const IDLE_MS = 300_000;
/** At most so many at once: enough for others to log in. */
const SESSIONS = 20;

/** The server says itself that it takes no more. */
export const sessionsExhausted: Hypothesis = ({ symptom }) => {
  const { cause, dependency, kind } = symptom;
  if (cause.code !== "TOO_MANY_CONNECTIONS") return [];
  const actions: readonly ProposedAction[] =
    kind === "postgres"
      ? [{ kind: "end-idle-sessions", params: { dependency, olderThanMs: IDLE_MS, limit: SESSIONS } }]
      : [
          {
            kind: "manual",
            params: {
              instructions: [`End sessions of ${dependency} that nobody uses, or allow more of them.`],
            },
          },
        ];
  return [
    show({
      code: "SESSIONS_EXHAUSTED",
      about: dependency,
      links: [link("the server takes no more sessions", rungOf(symptom))],
      actions,
      notHelpful: [
        { remedy: "Larger pools", because: "they take more of the sessions that the server has too few of" },
      ],
    }),
  ];
};

/** The server is well again, and nobody may ask it before the breaker's time is up. */
export const breakerHeld: Hypothesis = ({ symptom }) => {
  const { dependency, breakerOpen, answers } = symptom;
  if (!breakerOpen || !answers) return [];
  return [
    show({
      code: "BREAKER_HELD",
      about: dependency,
      links: [
        link(
          "its breaker is open, and the server answers",
          { kind: "rung", source: `ladder of ${dependency}`, found: "all rungs hold now" },
          { kind: "observation", source: dependency, found: "its breaker is open" },
        ),
      ],
      actions: [{ kind: "reset-breaker", params: { dependency } }],
    }),
  ];
};
