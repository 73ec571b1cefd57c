import { defineFindings } from "./definition.ts";

/** What keeps an env file, or a line of it, from being read as it looks; the codes are those of its parser. */
export const ENV_FILE_FINDINGS = defineFindings({
  ENV_NO_DELIMITER: {
    title: "a line without =",
    severity: "error",
    owner: "configuration",
    explanation:
      "The line sets nothing: the dialect passes over it or refuses the file. A value over several lines without quotes looks like this too. dotenv-linter calls it KeyWithoutValue.",
    remedies: ["Write KEY=value, put a value of several lines in double quotes, or begin a comment with #."],
  },
  ENV_BAD_KEY: {
    title: "a key that the dialect does not take",
    severity: "error",
    owner: "configuration",
    explanation:
      "The line has no key, or one with characters that this dialect does not take in a name. dotenv-linter's IncorrectDelimiter and LeadingCharacter are of this kind.",
    remedies: ["Name it with letters, digits and _, beginning with no digit."],
  },
  ENV_UNTERMINATED_QUOTE: {
    title: "a quote is never closed",
    severity: "error",
    owner: "configuration",
    explanation:
      "The value begins with a quote that nothing closes. The dialect takes the lines below into the value, takes the quote as part of it, or refuses the file. dotenv-linter calls it QuoteCharacter.",
    remedies: ["Close the quote at the end of the value."],
  },
  ENV_TEXT_AFTER_QUOTE: {
    title: "text behind a closing quote",
    severity: "error",
    owner: "configuration",
    explanation:
      "The value ended at the quote; what stands behind it is dropped, or makes the line one that is refused.",
    remedies: ["Put the whole value in one pair of quotes, or begin the rest with # when it is a comment."],
  },
  ENV_BAD_REFERENCE: {
    title: "a reference that cannot be replaced",
    severity: "error",
    owner: "configuration",
    explanation:
      "A $NAME or ${NAME} is not written as the dialect wants it, or it asks for a value that has to be there. dotenv-linter calls it SubstitutionKey.",
    remedies: ["Write ${NAME} or ${NAME:-value}; for a plain $ use single quotes, in Compose $$."],
  },
  ENV_LINE_TOO_LONG: {
    title: "a line is too long",
    severity: "error",
    owner: "configuration",
    explanation: "The dialect reads no line of this length; docker stops at 64 KiB.",
    remedies: ["Keep such a value in a file of its own, and name its path here."],
  },
  ENV_NUL: {
    title: "a NUL character in an env file",
    severity: "error",
    owner: "configuration",
    explanation:
      "No variable can hold one: a process that is started with it fails, or gets a value that is cut there.",
    remedies: ["Remove the character from {file}; the line says where it is."],
  },
  ENV_NOT_UTF8: {
    title: "an env file is not UTF-8",
    severity: "error",
    owner: "configuration",
    explanation:
      "Its bytes are of another encoding, such as Latin-1 or UTF-16. Programs read other characters there, or refuse the file.",
    remedies: ["Save it as UTF-8: iconv -f {encoding} -t utf-8 {file}"],
  },
  ENV_BINARY: {
    title: "an env file is binary",
    severity: "error",
    owner: "configuration",
    explanation: "The file is no text: an archive, a key store, an encrypted file or one in UTF-16.",
    remedies: ["Name a text file instead of {file}, or decrypt it first."],
  },
  ENV_TOO_LARGE: {
    title: "an env file is too large",
    severity: "error",
    owner: "configuration",
    explanation: "It is larger than any env file is; nothing of it was read.",
    remedies: ["Name an env file instead of {file}."],
  },
  ENV_MISSING: {
    title: "an env file is not there",
    severity: "error",
    owner: "configuration",
    explanation:
      "A layer that was named does not exist, so what it would set is absent or comes from a lower layer.",
    remedies: ["Make {file}, often from a template beside it, or take it out of `envFiles.layers`."],
  },
  ENV_UNREADABLE: {
    title: "an env file cannot be read",
    severity: "error",
    owner: "configuration",
    explanation: "The operating system refuses to open it.",
    remedies: ["Look at the permissions of {file} and of the folders above it."],
  },
  ENV_NOT_A_FILE: {
    title: "an env file is no file",
    severity: "error",
    owner: "configuration",
    explanation:
      "It is a folder, a FIFO, a socket or a device; opening one can wait for ever, so it was not opened.",
    remedies: ["Name a file instead of {file}."],
  },
  ENV_SYMLINK_LOOP: {
    title: "an env file is a link to itself",
    severity: "error",
    owner: "configuration",
    explanation: "The symbolic links lead round in a circle, so no file is ever reached.",
    remedies: ["Look where it leads with ls -l {file}, and make the link anew."],
  },
  ENV_CYCLE: {
    title: "env files include each other",
    severity: "error",
    owner: "configuration",
    explanation: "Following what a file extends leads back to itself, so there is no order to read them in.",
    remedies: ["Take one of the references out; the message says which files are in the circle."],
  },
});
