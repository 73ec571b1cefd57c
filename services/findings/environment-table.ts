import { defineFindings } from "./definition.ts";
import { ENV_FILE_FINDINGS } from "./env-file-table.ts";
import { ENV_FLAG_FINDINGS } from "./env-flag-table.ts";

/** What is wrong with the values of env files, beside their flags and what keeps them from being read. */
const VALUES = defineFindings({
  ENV_DUPLICATE_KEY: {
    title: "one file sets a key more than once",
    severity: "warning",
    owner: "configuration",
    explanation:
      "Every dialect uses the last one and says nothing, so whoever edits the first one changes nothing. It is an error when the values differ. dotenv-linter calls it DuplicatedKey.",
    remedies: ["Keep one line of {key} in {file} and remove the others."],
  },
  ENV_CONTRADICTION: {
    title: "two settings contradict each other",
    severity: "error",
    owner: "configuration",
    explanation:
      "A higher layer switches off a protection that a lower one switches on, or two flags in effect say opposite things of one subject. Which of the two was meant cannot be told from here, and what reads them may ask either.",
    remedies: [
      "Decide which of {key} and what is in {other} was meant, and remove the other one.",
      "When both are meant for a while, waive it with a reason, an owner and an end: key `waivers`.",
    ],
  },
  ENV_PLACEHOLDER: {
    title: "a value was never filled in",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The value is a placeholder (changeme, your-key-here, <…>, xxx, a server at example.com), no other layer replaces it, and no variable of the process does. Whoever uses it fails far from here, often with a message about credentials.",
    remedies: [
      "Set {key} to its value: in {file}, in a higher layer, or as a variable of the process, which wins over files.",
      "Remove the line if nothing needs it: an absent variable fails earlier and clearer.",
    ],
  },
  ENV_PLACEHOLDER_OVERRIDE: {
    title: "a placeholder hides a real value",
    severity: "error",
    owner: "configuration",
    explanation:
      "A lower layer sets the key to a real value, and a higher one puts a placeholder over it. What runs gets the placeholder; the real value looks set to whoever reads the lower file.",
    remedies: ["Remove the line of {key} from {file}; the value in {other} is used then."],
  },
  ENV_EMPTY_OVERRIDE: {
    title: "an empty value hides a credential or a URL",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A higher layer sets the key to nothing, and so hides the value of a lower one: an empty value counts as set in every dialect.",
    remedies: ["Remove the line of {key} from {file}, or waive it when it is meant to be empty there."],
  },
  ENV_EXPIRED: {
    title: "a date that ends something has passed",
    severity: "error",
    owner: "configuration",
    explanation:
      "The key is named like an end (*_EXPIRY, *_EXPIRES, *_UNTIL) and its date has passed. A day counts to its end, in UTC. What it speaks of, such as a token, is not valid any more, or the date is not kept up.",
    remedies: [
      "Renew what {key} speaks of, then its date in {file}.",
      "Remove both when nothing needs them.",
    ],
  },
  ENV_EXPIRY_UNREADABLE: {
    title: "a date that ends something cannot be read",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The key is named like an end, and its value is neither a date (2026-12-31, 2026-12-31T18:00Z), nor seconds or milliseconds since 1970, nor a duration. 31/12/2026 and 12/31/2026 are not read: half of the world reads such a date otherwise. It is an error beside a flag that switches a protection off.",
    remedies: ["Write {key} as YYYY-MM-DD."],
  },
  ENV_HOST_MISMATCH: {
    title: "a URL and its parts name different servers",
    severity: "error",
    owner: "configuration",
    explanation:
      "One setting holds a whole URL, another one beside it a host, port or database of the same thing, and they differ. What reads the URL and what reads the parts then work with two servers: tests write into one and look into the other.",
    remedies: [
      "Keep one of {url} and {key}, and derive the other from it, or make both name the same server.",
    ],
  },
  ENV_SECRET_COMMITTED: {
    title: "git keeps a secret",
    severity: "error",
    owner: "security",
    explanation:
      "The file is tracked by git and holds what looks like a secret. Everybody who can read the repository, now or later, has it; removing the line does not remove it from the history.",
    remedies: [
      "Revoke the secret and make a new one: it has been read by whoever has a copy of the repository.",
      "Keep the new one in a store of secrets or a variable of the CI system, and write {key} nowhere in {file}.",
      "Take the file out of git and ignore it: git rm --cached {file} && echo {file} >> .gitignore",
    ],
  },
  ENV_PRODUCTION_VALUE: {
    title: "a value of production in a file of another environment",
    severity: "error",
    owner: "configuration",
    explanation:
      "The file is of another environment, and the value names production with a whole label: a host, a project, a bucket, a database, a live payment key. Tests that run with it work on production.",
    remedies: [
      "Replace {key} in {file} by that of {environment}.",
      "Waive it when the name says production and the thing is not.",
    ],
  },
  ENV_DIALECT: {
    title: "a value is read in different ways",
    severity: "warning",
    owner: "configuration",
    explanation:
      "dotenv, python-dotenv, Compose and docker --env-file read the line differently: one ends the value at a #, one keeps quotes, one replaces $NAME, one passes over the line. The same file then gives two programs two values. dotenv-linter's QuoteCharacter, SpaceCharacter, SubstitutionKey, TrailingWhitespace and ValueWithoutQuotes warn of the ways to write such a line.",
    remedies: [
      "Put {key} in single quotes when it holds $, # or spaces; without quotes, keep it free of them.",
      "Where docker --env-file reads the file, write no quotes, no comment behind a value and no reference.",
    ],
  },
});

export const ENVIRONMENT_FINDINGS = { ...VALUES, ...ENV_FLAG_FINDINGS, ...ENV_FILE_FINDINGS } as const;
