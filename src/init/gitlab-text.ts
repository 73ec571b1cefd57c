import type { Language } from "./runners.ts";
import { PLACEHOLDER, type WorkflowInput, installOf, runArguments } from "./workflow.ts";

const IMAGES: Readonly<Record<Language, string>> = {
  python: "python:3.13",
  node: "node:24",
  go: "golang:1.25",
  java: "maven:3-eclipse-temurin-21",
};

/** The first line; a file that begins with it was written here. */
export const GITLAB_HEAD = "# Runs the tests when the environment is fit, and says whose fault a red run is.";

/** One job for `.gitlab-ci.yml`. Values come from the project's CI/CD variables; none stands here. */
export function gitlabText(input: WorkflowInput): string {
  const { runner, variables } = input;
  const image = IMAGES[runner?.language ?? "node"];
  const install = installOf(input);
  const env = Object.entries(runner?.env ?? {}).map(([name, value]) => `    ${name}: ${value}`);
  const reports = [
    "junit=reports/greenlight.xml",
    "json=reports/greenlight.json",
    "gitlab=reports/greenlight.env",
  ];
  const lines = [
    GITLAB_HEAD,
    "#",
    "# Settings → CI/CD → Variables, masked where they are secret: FETCH_GREENLIGHT_FROM (the URL to clone Greenlight from),",
    `# FETCH_GREENLIGHT_REF (a commit of it)${variables.length === 0 ? "." : `, ${variables.join(", ")}.`}`,
    "greenlight:",
    `  image: ${image}`,
    ...(env.length === 0 ? [] : ["  variables:", ...env]),
    "  before_script:",
    ...(image.startsWith("node:") ? [] : NODE),
    ...GREENLIGHT,
    ...(install === undefined ? [] : [`    - ${install}`]),
    "  script:",
    ...(runner === undefined
      ? [`    # No test runner was recognised: put its command in place of ${PLACEHOLDER}.`]
      : []),
    "    - >-",
    ...runArguments(input, reports).map((line) => `      ${line}`),
    "  # 75: not fit in time, or every failure was the environment's. Worth another try.",
    "  retry: { max: 1, exit_codes: [75] }",
    "  artifacts:",
    "    when: always",
    "    paths: [reports/]",
    "    reports:",
    "      junit: reports/greenlight.xml",
    "      dotenv: reports/greenlight.env",
  ];
  return `${lines.join("\n")}\n`;
}

/** Greenlight needs Node 24; the suite keeps the image of its own language. */
const NODE = [
  "    - curl -fsSL https://nodejs.org/dist/v24.11.0/node-v24.11.0-linux-x64.tar.gz | tar -xz -C /usr/local --strip-components=1",
];

const GREENLIGHT = [
  "    # From source: it is not on npm, where anybody may take the name.",
  '    - git clone --quiet "$FETCH_GREENLIGHT_FROM" .greenlight',
  '    - git -C .greenlight checkout --quiet "$FETCH_GREENLIGHT_REF"',
  "    - npm ci --omit=dev --prefix .greenlight",
  "    - mkdir -p reports",
  "    - |",
  String.raw`      printf '#!/bin/sh\nexec node "%s/.greenlight/src/cli.ts" "$@"\n' "$PWD" > /usr/local/bin/greenlight`,
  "    - chmod +x /usr/local/bin/greenlight",
];
