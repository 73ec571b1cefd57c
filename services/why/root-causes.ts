import { type RootCauseDefinition, defineRootCauses } from "./definition.ts";
import { GCP_ROOT_CAUSES } from "./gcp-root-causes.ts";

/** What lies beneath symptoms that need no cloud to tell. */
const LOCAL_ROOT_CAUSES = defineRootCauses({
  PERMISSIVE_OVERRIDE: {
    title: "A setting switches a protection off",
    owner: "security",
    explanation:
      "A variable such as BYPASS_STARTUP_VALIDATION or SKIP_AUTH is on, and no waiver that still holds accepts it. What passes while it is on proves nothing, so the gate stops.",
    remedies: [
      "Remove {variable} from {place}.",
      "If it is meant for a while, accept it with a reason, an owner and an end: key `waivers`.",
    ],
    actions: ["set-variable", "manual"],
  },
  SESSIONS_EXHAUSTED: {
    title: "Every session of the server is taken",
    owner: "database",
    explanation:
      "The server takes no more sessions: pools are larger than it allows, or sessions are left open by processes that have ended. Logins are refused until some of them end.",
    remedies: [
      "End sessions that have been idle for long; the plan ends only idle ones of the configured user.",
      "Keep instances × pool size + headroom below max_connections - 3, or take a bigger tier.",
    ],
    actions: ["end-idle-sessions"],
  },
  BREAKER_HELD: {
    title: "The breaker is open although the server answers",
    owner: "greenlight",
    explanation:
      "The server is well again, and the breaker lets nobody ask it before its time is up. It closes by itself; resetting it saves that time.",
    remedies: ["Wait until the breaker lets a trial through, or reset it."],
    actions: ["reset-breaker"],
  },
  MARKERS_UNREGISTERED: {
    title: "Tests use markers that are not registered",
    owner: "suite",
    explanation:
      "pytest warns of a marker that it does not know, refuses the whole run with --strict-markers, and selects nothing for a misspelt one.",
    remedies: ["Register them: greenlight lint markers --fix {folder}"],
    actions: ["register-markers"],
  },
  AWAITS_WRONG: {
    title: "Tests await what is not async, or forget to await",
    owner: "suite",
    explanation:
      "Awaiting a plain value raises in the middle of a test; a coroutine that nobody awaits never runs, and its test passes without having tested.",
    remedies: ["Mend them: greenlight lint awaits --fix {folder}"],
    actions: ["fix-awaits"],
  },
  CONFIG_DRIFTED: {
    title: "The configuration is not the one that was agreed on",
    owner: "configuration",
    explanation:
      "A value differs from the committed baseline, is new or is gone. The environment under test is not the one that the suite was written for.",
    remedies: [
      "See what changed, where it comes from and who uses it: greenlight config drift",
      "Put back what it was, or accept it: greenlight config drift accept KEY --reason '…'",
    ],
    actions: ["manual"],
  },
  REQUIREMENT_UNMET: {
    title: "The suite asks for what is not there",
    owner: "configuration",
    explanation:
      "The suite requires a dependency that nothing observes, a real server where a mock serves, or a credential that is missing or does not live as long as the suite takes.",
    remedies: ["Configure what the suite asks for, or ask for less: key `suites`."],
    actions: ["manual"],
  },
  SUITE_HELD: {
    title: "Somebody keeps the suite from starting",
    owner: "platform",
    explanation:
      "An operator holds the suite, or another run has the environment for itself. Both end by themselves; nothing is broken.",
    remedies: ["Wait until it ends, or ask whoever holds it."],
    actions: ["manual"],
  },
  NOT_SETTLED: {
    title: "Not known for long enough",
    owner: "greenlight",
    explanation:
      "Nothing is known to be broken: something has not been observed yet, the last word on it is too old, or all is fit and has not been for as long as the suite asks.",
    remedies: ["Wait, and ask again: greenlight why {subject}"],
    actions: [],
  },
  UNDETERMINED: {
    title: "The root cause cannot be told",
    owner: "platform",
    explanation:
      "Every explanation that the known facts leave open needs a fact that could not be read. What is missing is named, with the reason.",
    remedies: ["Let the service read what is missing, then ask again: greenlight why {subject}"],
    actions: [],
  },
});

/** Every root cause, by its code. */
export const ROOT_CAUSES = { ...GCP_ROOT_CAUSES, ...LOCAL_ROOT_CAUSES } as const;

export type RootCauseCode = keyof typeof ROOT_CAUSES;

export const rootCauseDefinition = (code: RootCauseCode): RootCauseDefinition => ROOT_CAUSES[code];

/** Looks a code up that anybody typed; undefined when it is not in the table. */
export function findRootCause(code: string): RootCauseDefinition | undefined {
  return Object.hasOwn(ROOT_CAUSES, code) ? ROOT_CAUSES[code as RootCauseCode] : undefined;
}
