import { defineFindings } from "./definition.ts";

export const POLICY_FINDINGS = defineFindings({
  POLICY_FORBIDDEN: {
    title: "Something is configured that the policy forbids there",
    severity: "error",
    owner: "configuration",
    explanation:
      "The policy of this environment says `forbidden` of a dependency, and it is configured all the same. Often a URL was copied from another environment.",
    remedies: [
      "Take {subject} out of the configuration of this environment: its section under `dependencies`, or its variable.",
      "If it belongs there, change `policies[].requires.{subject}`.",
    ],
  },
  POLICY_REQUIRED_MISSING: {
    title: "Something is required there that is not configured",
    severity: "error",
    owner: "configuration",
    explanation:
      "The policy of this environment or a flag says that every suite needs a dependency, and nothing says where it is. While that is so, no suite can be fit.",
    remedies: [
      "Configure {subject}: its section under `dependencies`, or its variable.",
      "If nothing needs it there, take the requirement out of the policy, or the flag out of the variables.",
    ],
  },
  POLICY_OFF: {
    title: "The policy of an environment is off",
    severity: "note",
    owner: "configuration",
    explanation:
      "With `mode: off` nothing of a policy holds. In production that is an error, and the configuration is refused unless a waiver says who wants it so, why, and until when.",
    remedies: ["Set `mode: enforce`, or `mode: warn` to see first what it would do."],
  },
  FLAG_NOT_BOOLEAN: {
    title: "A flag is neither true nor false",
    severity: "error",
    owner: "configuration",
    explanation:
      "A known flag has a value that is no boolean, such as `ture`. Whoever wrote it meant something stricter, so it is taken as true; other programs may take it as false.",
    remedies: ["Write `{subject}=true` or `{subject}=false`."],
  },
  FLAG_CONTRADICTS: {
    title: "A flag and the configuration say different things",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A variable asks for more than the configuration file, or for less. The stricter of the two always holds, and one of the two misleads its readers.",
    remedies: ["Make them agree: take {subject} out of the variables, or change the file."],
  },
  FLAG_WITHOUT_EFFECT: {
    title: "A flag is set and has nothing to act on",
    severity: "warning",
    owner: "configuration",
    explanation:
      "Whoever reads such a flag believes that something is checked. Nothing is, because what it is about is not configured.",
    remedies: ["Configure what {subject} is about, or take it out of the variables."],
  },
  FLAG_BYPASS: {
    title: "A variable turns a check off",
    severity: "error",
    owner: "configuration",
    explanation:
      "A variable whose name begins with BYPASS_ or SKIP_ is set. Such flags are meant for an hour and stay for months, so each needs a waiver that says who wants it, why, and until when.",
    remedies: [
      "Take {subject} out of the variables of this environment.",
      'If it has to stay for now: add a waiver with `finding: "FLAG_BYPASS:{subject}"`, a reason, an owner and a day within the next 90.',
    ],
  },
  WAIVER_EXPIRED: {
    title: "A waiver has expired",
    severity: "error",
    owner: "configuration",
    explanation:
      "What was accepted for a time is accepted no longer. The finding that it was about counts again, if it is still there.",
    remedies: [
      "Mend what {subject} is about, and take the waiver out.",
      "If it must stay, let its owner decide anew: give the waiver a later day, at most 90 days from now.",
    ],
  },
  WAIVER_UNKNOWN: {
    title: "A waiver is about nothing that is found",
    severity: "warning",
    owner: "configuration",
    explanation:
      "Nothing with the id that the waiver names is found now. It was mended, or the id is misspelt; a waiver that stays would hide the next fault of that name.",
    remedies: [
      "Take the waiver out if {subject} was mended.",
      "Otherwise copy the id from `greenlight config lint` or `GET /findings`.",
    ],
  },
  SOURCE_FAILED: {
    title: "Something that is looked at for findings could not be looked at",
    severity: "error",
    owner: "greenlight",
    explanation:
      "Findings come from several areas. When one of them cannot be looked at, that it shows no findings proves nothing, so in strict mode no suite starts. The findings it had before are kept.",
    remedies: [
      "Look at the log of the process that said so: it names what could not be read.",
      "If a file or a permission is missing there, mend that; otherwise report it as a fault of Greenlight.",
    ],
  },
  SOURCE_LATE: {
    title: "Something that is looked at for findings took too long",
    severity: "error",
    owner: "greenlight",
    explanation:
      "Looking at one area took longer than it may, so nothing recent is known of it. In strict mode no suite starts until it has been looked at in time.",
    remedies: [
      "Look for what is slow where it reads: a network file system, a very large folder, a server that does not answer.",
      "Name fewer folders under `envFiles.sources`, or smaller ones.",
    ],
  },
});
