import { defineFindings } from "./definition.ts";

const ACCEPT = "If it is meant, accept it: greenlight config drift accept '{subject}' --reason '…'";
const EXPLAIN = "See where it comes from and who uses it: greenlight config drift explain '{subject}'";

export const DRIFT_FINDINGS = defineFindings({
  DRIFT_CHANGED: {
    title: "A value is another than in the baseline",
    severity: "error",
    owner: "configuration",
    explanation:
      "The baseline holds a keyed fingerprint of each value that was agreed on. This one has another fingerprint now, so the environment is not the one that was agreed on.",
    remedies: [EXPLAIN, "If it is not meant, put back what it was.", ACCEPT],
  },
  DRIFT_ADDED: {
    title: "A key is new since the baseline",
    severity: "error",
    owner: "configuration",
    explanation:
      "Nobody has agreed on this key: it may switch something off, or be left over from somebody's try.",
    remedies: [EXPLAIN, "If it is not meant, take it out.", ACCEPT],
  },
  DRIFT_REMOVED: {
    title: "A key of the baseline is gone",
    severity: "error",
    owner: "configuration",
    explanation: "Whoever reads this key finds nothing now, or a default.",
    remedies: [EXPLAIN, "If it is not meant, put it back.", ACCEPT],
  },
  DRIFT_RENAMED: {
    title: "A key has another name or place than in the baseline",
    severity: "error",
    owner: "configuration",
    explanation:
      "A key is gone and one with the same fingerprint is new. Whoever reads the old name finds nothing now.",
    remedies: [
      EXPLAIN,
      "Look for readers of the old name; if there are any, give it back its name, or change them.",
      ACCEPT,
    ],
  },
  DRIFT_SOURCE_ADDED: {
    title: "A configured source is not in the baseline",
    severity: "error",
    owner: "configuration",
    explanation:
      "The configuration names a source of which the baseline knows nothing, so none of it is checked.",
    remedies: ["Put it into the baseline: greenlight config drift accept '{subject}' --reason '…'"],
  },
  DRIFT_SOURCE_REMOVED: {
    title: "A source of the baseline is not configured any more",
    severity: "error",
    owner: "configuration",
    explanation: "The baseline holds a source that the configuration does not name, so nobody compares it.",
    remedies: [
      "If it was taken out by mistake, name it again under drift.sources.",
      "If not, take it out of the baseline: greenlight config drift accept '{subject}' --reason '…'",
    ],
  },
  DRIFT_SOURCE_UNREADABLE: {
    title: "A source cannot be compared",
    severity: "error",
    owner: "configuration",
    explanation:
      "A file that is missing, binary, too large or not written as it should be cannot be compared with the baseline. Whether it has drifted is not known.",
    remedies: ["Mend the file at the place named, or take the source out of drift.sources."],
  },
  DRIFT_BASELINE_MISSING: {
    title: "There is no baseline",
    severity: "error",
    owner: "configuration",
    explanation: "Sources are configured to be compared, and there is nothing to compare them with.",
    remedies: ["Write it, look at it and commit it: greenlight config baseline"],
  },
  DRIFT_BASELINE_INVALID: {
    title: "The baseline cannot be used",
    severity: "error",
    owner: "configuration",
    explanation:
      "The file of the baseline cannot be read, or is not what greenlight config baseline writes: a conflict of a merge left in it, for example. Nothing is compared with it.",
    remedies: [
      "Restore it from version control, or resolve the conflict.",
      "Or move it away and write a new one: greenlight config baseline",
    ],
  },
  DRIFT_KEY_MISSING: {
    title: "The key of the fingerprints is missing",
    severity: "error",
    owner: "configuration",
    explanation:
      "Fingerprints are made under a secret key, so that nobody can guess values back from a committed file. Without the key nothing can be compared.",
    remedies: [
      'Set it from where your secrets are kept: export GREENLIGHT_BASELINE_KEY="…"; or name a file outside the repository under drift.keyFile.',
      'If there is none yet, make one and keep it with your secrets: export GREENLIGHT_BASELINE_KEY="$(openssl rand -hex 32)"',
    ],
  },
  DRIFT_KEY_UNUSABLE: {
    title: "The key of the fingerprints cannot be used",
    severity: "error",
    owner: "configuration",
    explanation:
      "A key that is short can be guessed, and one in a file of the repository is known to whoever knows the fingerprints; then values can be guessed back.",
    remedies: [
      'Make another one and keep it with your secrets: export GREENLIGHT_BASELINE_KEY="$(openssl rand -hex 32)"',
      "Or in a file outside the repository, named under drift.keyFile: (umask 077; openssl rand -hex 32 > ~/.greenlight-baseline.key)",
    ],
  },
  DRIFT_KEY_WRONG: {
    title: "The key is not that of the baseline",
    severity: "error",
    owner: "configuration",
    explanation:
      "The baseline says which key it was made with, without telling it. With another key every fingerprint is another, so nothing was compared: this is no drift.",
    remedies: [
      "Set GREENLIGHT_BASELINE_KEY (or drift.keyFile) to the key that the baseline was made with.",
      "If that key is lost, or is to be replaced: greenlight config baseline --new-key writes all fingerprints anew.",
    ],
  },
});
