import { defineFindings } from "./definition.ts";

/** What keeps a file from being linted. */
export const LINT_FINDINGS = defineFindings({
  LINT_SYNTAX_ERROR: {
    title: "a Python file does not parse",
    severity: "error",
    owner: "suite",
    explanation:
      "The file is not valid Python, so pytest ends its collection with an error there, and nothing in the file could be linted. The line is where the parser lost its way; the mistake can stand a little before it.",
    remedies: [
      "Mend the line, then check with: python -m py_compile {file}",
      "If the file is a template or written for another version of Python, leave it out with --exclude.",
    ],
  },
  LINT_UNREADABLE: {
    title: "a file or folder cannot be read",
    severity: "warning",
    owner: "suite",
    explanation:
      "The operating system refuses to open it, so it was left out. Whatever it holds is neither linted nor known to other files.",
    remedies: ["Look at the permissions of {file}, or leave it out with --exclude."],
  },
  LINT_NOT_TEXT: {
    title: "a Python file is not text in its encoding",
    severity: "warning",
    owner: "suite",
    explanation:
      "The file holds NUL bytes, or bytes that its encoding (UTF-8, or what its coding comment names) does not allow. Python refuses to import such a file.",
    remedies: [
      "Save {file} as UTF-8, or name its encoding in the first two lines: # -*- coding: latin-1 -*-",
    ],
  },
  LINT_TOO_LARGE: {
    title: "a Python file is too large to lint",
    severity: "note",
    owner: "suite",
    explanation:
      "Files over 8 MiB are left out: they are generated data, and parsing one takes more memory than all others together.",
    remedies: ["Keep data in a data file, or leave {file} out with --exclude."],
  },
  LINT_NOT_A_FILE: {
    title: "something named like a Python file is no regular file",
    severity: "note",
    owner: "suite",
    explanation:
      "It is a FIFO, a socket, a device or a broken symbolic link. Opening one can wait for ever, so it was left out.",
    remedies: ["Remove {file}, or leave it out with --exclude."],
  },
  LINT_LINK_LOOP: {
    title: "a symbolic link leads back to where it is",
    severity: "note",
    owner: "suite",
    explanation:
      "Following it would never end. It was left out; what it leads to is linted where it is. pytest and many other tools walk into such links.",
    remedies: ["Remove the link {file}, or leave it out with --exclude."],
  },
  LINT_FAILED: {
    title: "Greenlight could not lint a file",
    severity: "error",
    owner: "greenlight",
    explanation:
      "A fault of Greenlight's own, or a file so deeply nested that it cannot be held in memory. All other files were linted; what is wrong in this one is not known.",
    remedies: [
      "Report it with the file, if it can be shown.",
      "Until then leave it out with --exclude, so that it does not hide other findings.",
    ],
  },
});
