import { defineFindings } from "./definition.ts";

export const POLICY_FINDINGS = defineFindings({
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
