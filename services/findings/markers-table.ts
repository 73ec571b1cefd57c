import { defineFindings } from "./definition.ts";

export const MARKERS_FINDINGS = defineFindings({
  MARKER_UNREGISTERED: {
    title: "a marker is used and not registered",
    severity: "warning",
    owner: "suite",
    explanation:
      "pytest knows markers from its configuration file, from code that calls config.addinivalue_line, and from plugins. One that none of them names is warned of, and under strict markers it ends the collection of its whole file: every test in it is missing from the run. The severity is error where strict markers are asked for.",
    remedies: [
      "Register it in {where}: where the finding says --fix, greenlight lint markers --fix does.",
      "If a plugin registers it, add the plugin to the requirements of the tests.",
      "If it is not wanted, remove it from the tests.",
    ],
  },
  MARKER_NEAR_MISS: {
    title: "a marker is not registered, and one with nearly the same name is",
    severity: "warning",
    owner: "suite",
    explanation:
      "The name differs from a known one by a letter or two, so it is probably misspelt. A test that carries it is not selected or left out by the marker that was meant, and under strict markers its file is not collected. parametrise and its like are refused by pytest in any mode.",
    remedies: [
      "Rename it to {meant}: run greenlight lint markers --fix.",
      "If it is a marker of its own, register it in {where}.",
    ],
  },
  MARKER_NAME_INVALID: {
    title: "a marker's name begins with an underscore",
    severity: "error",
    owner: "suite",
    explanation:
      "pytest refuses such names with an AttributeError as soon as the file is collected, strict or not.",
    remedies: ["Give {subject} a name that begins with a letter, in the tests and where it is registered."],
  },
  MARKER_OUT_OF_SCOPE: {
    title: "a marker is registered by a conftest file of another folder",
    severity: "warning",
    owner: "suite",
    explanation:
      "A conftest file below the folder where pytest starts is loaded when its folder is reached. What it registers is then known to everything that is collected later, so that a file elsewhere works in a run of everything, by the order of names, and fails when it is run by itself, in another order or in parallel.",
    remedies: [
      "Register it in {where}, or in a conftest file above all tests that use it: run greenlight lint markers --fix.",
    ],
  },
  MARKER_UNUSED: {
    title: "a marker is registered and no test has it",
    severity: "warning",
    owner: "suite",
    explanation:
      "Nothing in the tree puts the marker on a test. A selection by it (-m) runs nothing, and leaving it out leaves nothing out. Often it was renamed in the tests and not in the configuration.",
    remedies: [
      "Remove its line, or put it on the tests it is meant for.",
      "If tests in another repository use it, register it there or waive this finding.",
    ],
  },
  MARKER_DUPLICATE: {
    title: "a marker is registered twice",
    severity: "warning",
    owner: "suite",
    explanation:
      "The second line has no effect but to be shown by pytest --markers, and when the descriptions differ it is not clear which one holds.",
    remedies: ["Keep one of the lines: greenlight lint markers --fix keeps the first."],
  },
  MARKER_REREGISTERS_BUILTIN: {
    title: "a marker of pytest's own is registered again",
    severity: "warning",
    owner: "suite",
    explanation:
      "pytest registers it itself. The line changes nothing of what the marker does, and suggests to readers that the suite defines it.",
    remedies: ["Remove the line: run greenlight lint markers --fix."],
  },
  MARKER_CONFIG_IGNORED: {
    title: "markers are registered in a file that pytest does not read",
    severity: "warning",
    owner: "suite",
    explanation:
      "pytest reads one configuration file and never merges: the first in the order pytest.toml, .pytest.toml, pytest.ini, .pytest.ini, pyproject.toml, tox.ini, setup.cfg, in the folder of the tests or the nearest one above. Markers and options in any other file are not seen.",
    remedies: [
      "Move its markers and options to {where}, and remove its pytest section.",
      "If pytest is meant to read it, start pytest in its folder, or name it with -c.",
    ],
  },
  MARKER_CONFIG_INVALID: {
    title: "pytest cannot use its configuration file",
    severity: "error",
    owner: "suite",
    explanation:
      "pytest ends with an error at this file, or as soon as it asks for the value, so that no test is collected.",
    remedies: ["Mend the line, then check with: pytest --markers"],
  },
  MARKER_STRICT_IGNORED: {
    title: "strict markers are asked for where this pytest does not look",
    severity: "warning",
    owner: "suite",
    explanation:
      "pytest 9.0 accepts --strict-markers and --strict in addopts and does nothing about them (pytest-dev/pytest#14442, mended in 9.1). Unknown markers are warned of instead of refused.",
    remedies: ["Set strict_markers = true in {file}.", "Or use pytest 9.1 or later."],
  },
  MARKER_EXPRESSION_UNKNOWN: {
    title: "a selection names a marker that nothing has or registers",
    severity: "warning",
    owner: "suite",
    explanation:
      "-m takes any name. With one that no test has, -m name selects nothing, and -m 'not name' leaves nothing out, both without a word; pytest 9.2 and later refuse it under strict markers.",
    remedies: [
      "Correct the name, or put the marker on the tests that are meant and register it in {where}.",
      "List the markers that are known with: pytest --markers",
    ],
  },
  MARKER_EXPRESSION_INVALID: {
    title: "a selection by markers cannot be parsed",
    severity: "error",
    owner: "suite",
    explanation:
      "pytest ends with a usage error. An expression is made of names with and, or, not and parentheses; from pytest 8.3 on a name may be followed by arguments: device(serial='x').",
    remedies: ["Correct the expression; in a shell it stands in quotes: pytest -m 'slow and not flaky'"],
  },
});
