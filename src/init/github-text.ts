import type { Language } from "./runners.ts";
import { PLACEHOLDER, type WorkflowInput, installOf, runArguments } from "./workflow.ts";

/** `.github/workflows/greenlight.yml`. Values come from secrets; none stands here. */
export function githubText(input: WorkflowInput): string {
  const { variables, runner } = input;
  const env = [
    ...variables.map((name) => `      ${name}: \${{ secrets.${name} }}`),
    ...Object.entries(runner?.env ?? {}).map(([name, value]) => `      ${name}: ${value}`),
  ];
  const jobEnv = env.length === 0 ? [] : ["    env:", ...env];
  const lines = [
    ...HEAD,
    ...jobEnv,
    "    steps:",
    ...steps(input).map((line) => (line === "" ? "" : `      ${line}`)),
  ];
  return `${lines.join("\n")}\n`;
}

const HEAD = [
  "# Runs the tests when the environment is fit, and says whose fault a red run is.",
  "#",
  "# Exit codes: 75 is worth another try, 69 needs somebody to act, 76 means that no test ran, and any other is the suite's",
  "# own. Settings → Secrets and variables → Actions: the secrets below, and the variables GREENLIGHT_REPOSITORY",
  "# (OWNER/NAME of the repository that holds Greenlight) and GREENLIGHT_REF (a commit of it).",
  "name: greenlight",
  "",
  "on:",
  "  push:",
  "  pull_request:",
  "",
  "permissions:",
  "  contents: read",
  "",
  "jobs:",
  "  test:",
  "    runs-on: ubuntu-latest",
  "    timeout-minutes: 30",
];

const SETUP: Readonly<Record<Language, readonly string[]>> = {
  python: ["- uses: actions/setup-python@v6", '  with: { python-version: "3.13" }'],
  // Greenlight's own step sets up Node.
  node: [],
  go: ["- uses: actions/setup-go@v6", "  with: { go-version-file: go.mod }"],
  java: ["- uses: actions/setup-java@v5", '  with: { distribution: temurin, java-version: "21" }'],
};

function steps(input: WorkflowInput): string[] {
  const { runner, compose } = input;
  const install = installOf(input);
  // The summary of the step is written without being asked for.
  const reports = ["junit=reports/greenlight.xml", "json=reports/greenlight.json"];
  return [
    "- uses: actions/checkout@v6",
    "  with: { persist-credentials: false }",
    ...GREENLIGHT,
    ...(runner === undefined ? [] : SETUP[runner.language]),
    ...(install === undefined ? [] : ["- name: Install what the tests need", `  run: ${install}`]),
    ...(compose === undefined ? [] : composeStep(compose)),
    "- name: Run the tests in a fit environment",
    ...(runner === undefined
      ? [`  # No test runner was recognised: put its command in place of ${PLACEHOLDER}.`]
      : []),
    "  run: >-",
    ...runArguments(input, reports).map((line) => `    ${line}`),
    "- name: Keep the reports",
    "  if: ${{ !cancelled() }}",
    "  uses: actions/upload-artifact@v6",
    "  with: { name: reports, path: reports/, if-no-files-found: ignore }",
  ];
}

const GREENLIGHT = [
  "- name: Get Greenlight",
  "  uses: actions/checkout@v6",
  "  with:",
  "    repository: ${{ vars.GREENLIGHT_REPOSITORY }}",
  "    ref: ${{ vars.GREENLIGHT_REF }}",
  "    path: .greenlight",
  "    persist-credentials: false",
  "# Greenlight needs 24; tests in Node run with it too.",
  "- uses: actions/setup-node@v6",
  "  with: { node-version: 24 }",
  "# From source: it is not on npm, where anybody may take the name.",
  "- name: Install Greenlight",
  "  run: |",
  "    npm ci --omit=dev --prefix .greenlight",
  '    mkdir -p "$RUNNER_TEMP/bin" reports',
  String.raw`    printf '#!/bin/sh\nexec node "%s/.greenlight/src/cli.ts" "$@"\n' "$PWD" > "$RUNNER_TEMP/bin/greenlight"`,
  '    chmod +x "$RUNNER_TEMP/bin/greenlight"',
  '    echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"',
];

function composeStep({ file, services }: NonNullable<WorkflowInput["compose"]>): string[] {
  return [
    "# Take this step out where the secrets name servers that run elsewhere.",
    "- name: Start the databases",
    `  run: docker compose --file ${file} up --detach ${services.join(" ")}`,
  ];
}
