import { defineFindings } from "./definition.ts";

/** What is wrong with the flags and the keys of env files. */
export const ENV_FLAG_FINDINGS = defineFindings({
  ENV_BYPASS_EXPIRED: {
    title: "a protection is still switched off after its end",
    severity: "error",
    owner: "security",
    explanation:
      "The flag switches a protection off, the date beside it or in its comment has passed, and the flag is still on: nothing has enforced the date.",
    remedies: [
      "Remove {key} and its date; the protection is on again then.",
      "When it is still needed, set a new date and say why in a waiver: key `waivers`.",
    ],
  },
  ENV_BYPASS_UNLIMITED: {
    title: "a protection is switched off without an end",
    severity: "error",
    owner: "security",
    explanation:
      "A BYPASS_ or SKIP_ flag is on, and neither a key beside it (*_EXPIRY, *_EXPIRES, *_UNTIL) nor a date in its comment says until when. Such flags stay for months.",
    remedies: [
      "Remove {key}.",
      "When it is needed, set {key}_EXPIRY to a date (YYYY-MM-DD), and say why in a waiver: key `waivers`.",
    ],
  },
  ENV_PERMISSIVE: {
    title: "a protection is switched off",
    severity: "warning",
    owner: "security",
    explanation:
      "The flag switches a check off or lets a mock stand in for what is real. A green run then proves less than it looks. It is an error in a file of production.",
    remedies: ["Remove {key}, or waive it with a reason, an owner and an end: key `waivers`."],
  },
  ENV_TLS_UNVERIFIED: {
    title: "every certificate is accepted",
    severity: "error",
    owner: "security",
    explanation:
      "Clients connect to whoever answers: a certificate that is expired, of another host or of an attacker is taken. It also hides the fault that it was set for.",
    remedies: [
      "Remove {key}.",
      "Trust the authority instead: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE or REQUESTS_CA_BUNDLE, or the client's own setting for a CA.",
    ],
  },
  ENV_TLS_OFF: {
    title: "a connection over the network is not encrypted",
    severity: "warning",
    owner: "security",
    explanation:
      "sslmode=disable sends the password and all data in the clear, to a server outside this machine.",
    remedies: [
      "Set sslmode=verify-full with the authority's certificate in {key}, or at least sslmode=require.",
    ],
  },
  ENV_UNUSED_FLAG: {
    title: "nothing reads a flag",
    severity: "warning",
    owner: "configuration",
    explanation:
      "No file in the source roots (key `envFiles.sources`) reads the name: it is not in the code, or only in a comment, or in a line that sets it. Whoever counts on the flag counts on nothing.",
    remedies: [
      "Look whether it was renamed: git log -S {key}",
      "Remove {key} when nothing is meant to read it.",
      "Add the folder of what reads it to `envFiles.sources`, or waive it when a program from elsewhere does.",
    ],
  },
  ENV_KEY_NOT_PORTABLE: {
    title: "a key that no shell can export",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A name of a variable is letters, digits and _, and no digit first. Other names are set by some programs, passed over by others and refused by shells. dotenv-linter calls it LeadingCharacter where it is the first one.",
    remedies: ["Rename {key} in {file}, and where it is read."],
  },
  ENV_KEY_CASE: {
    title: "two keys differ in capitals alone",
    severity: "warning",
    owner: "configuration",
    explanation:
      "They are two variables on Linux and macOS and one on Windows, and readers who ignore capitals (pydantic) take either. dotenv-linter's LowercaseKey warns of the second kind of name.",
    remedies: ["Keep one of them, in capitals."],
  },
  ENV_INVISIBLE_CHARACTER: {
    title: "a character that nobody sees",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The line holds a no-break space, a zero-width character, a mark of direction, or a typographic quote where a plain one was meant. It was probably copied from a page or a chat, and it is part of the value or the name.",
    remedies: ["Type the line of {key} in {file} anew."],
  },
  ENV_SOURCE_UNREADABLE: {
    title: "a source folder cannot be searched",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A folder of `envFiles.sources`, or one below it, is not there or may not be read, so what reads a flag may be hidden in it.",
    remedies: ["Correct `envFiles.sources`, or the permissions of {file}."],
  },
});
