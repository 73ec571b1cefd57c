import { defineFindings } from "./definition.ts";

const SAY_IT =
  "Say which environment it is: `--env NAME`, GREENLIGHT_ENVIRONMENT=NAME or `environment: NAME` in greenlight.yaml.";
const LOOK = "See who says what: `greenlight context --verbose`.";

export const CONTEXT_FINDINGS = defineFindings({
  CONTEXT_UNKNOWN: {
    title: "Nothing tells which environment this is",
    severity: "error",
    owner: "configuration",
    explanation:
      "Neither a flag, a server, the configuration, the platform nor a name says which environment this is, or they say different things and none outweighs the others. Rules for an environment cannot apply, and nothing may be written.",
    remedies: [
      SAY_IT,
      "Or let a server say it: `declares` of a dependency (docs/guides/context.md).",
      "Names of your own are taught with `context.labels`, ids of projects with `context.projects`.",
    ],
  },
  CONTEXT_NAME_UNKNOWN: {
    title: "The environment has a name that means nothing here",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The environment was named, but the name has no label of production, staging, development, test or ci as a whole word. What was said is passed over, and hints decide.",
    remedies: ["Say what it is: `context: {labels: {staging: [NAME]}}` in greenlight.yaml.", LOOK],
  },
  CONTEXT_DECLARED_MISMATCH: {
    title: "A server declares itself another environment",
    severity: "error",
    owner: "configuration",
    explanation:
      "A dependency's own sentinel names an environment that is not the one that was said or detected. Names and addresses can be wrong without anybody noticing; the server's own word mostly is not. Nothing may be written.",
    remedies: [
      "Look at the URL of {dependency}: does it lead to the environment you mean?",
      "If it does, the sentinel is wrong or was copied with the data: set it anew there.",
      LOOK,
    ],
  },
  CONTEXT_PRODUCTION_INDICATED: {
    title: "Something points at production",
    severity: "error",
    owner: "configuration",
    explanation:
      "The environment was told or detected as another, and something names production all the same. One address that was left over is enough for a test run to change production. Nothing may be written.",
    remedies: [
      "Find out where {subject} comes from, and take production out of it.",
      "If the name misleads, and it is not production: add {subject} to `context.ignore`, or its project to `context.projects`.",
      LOOK,
    ],
  },
  CONTEXT_PLATFORM_CONFLICT: {
    title: "The platform says another environment",
    severity: "error",
    owner: "platform",
    explanation:
      "What the platform calls the service, job or namespace names another environment than was said or detected. Either it runs in the wrong place, or it was told the wrong thing.",
    remedies: [
      "Compare where this runs with what it was told: {subject} against {decidedBy}.",
      "If the platform's name misleads, add {subject} to `context.ignore`.",
      LOOK,
    ],
  },
  CONTEXT_CONTRADICTION: {
    title: "Two indicators name different environments",
    severity: "error",
    owner: "configuration",
    explanation:
      "What decided and another indicator cannot both be right. Environments drift this way: a variable or an address is left over from another one.",
    remedies: [
      "Correct {subject}, or what decided: {decidedBy}.",
      SAY_IT,
      "If {subject} has nothing to say here, add it to `context.ignore`, or give its kind the weight 0 in `context.weights`.",
    ],
  },
  CONTEXT_DECLARATION_MISSING: {
    title: "A server does not say which environment it is",
    severity: "error",
    owner: "test-data",
    explanation:
      "The configuration says where a dependency declares its environment, and there is nothing there. It may be another server than is meant. Nothing may be written.",
    remedies: [
      "Look at the URL of {subject}: does it lead to the server you mean?",
      "If it does, put the sentinel there, or correct `declares` of {subject}.",
    ],
  },
  CONTEXT_DECLARATION_UNKNOWN: {
    title: "A server declares an environment that means nothing here",
    severity: "error",
    owner: "test-data",
    explanation:
      "The sentinel of a dependency holds no name of an environment that is known. It may be production under a name of its own, so nothing may be written.",
    remedies: [
      "Teach the name with `context.labels`, or set the sentinel of {subject} to production, staging, development, test or ci.",
    ],
  },
  CONTEXT_DECLARATION_UNREADABLE: {
    title: "A server could not be asked which environment it is",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The dependency that declares the environment did not answer, or refused the question. What is wrong with it shows in its own check. Until it answers nothing may be written.",
    remedies: ["See what is wrong with it: `greenlight why {subject}`.", "Correct `declares` of {subject}."],
  },
});
