import type { ContextInputs, Evidence } from "./evidence.ts";
import type { ContextRules } from "./kinds.ts";
import type { ReadName, Reading } from "./labels.ts";
import { describeLabels, valueOf } from "./variables.ts";

/** Names that a platform gives to what runs on it. */
const NAMES: readonly (readonly [string, string, part?: RegExp])[] = [
  ["K_SERVICE", "Cloud Run service"],
  // Its last three letters are drawn by lot, and may come to `prd`.
  ["K_REVISION", "Cloud Run revision", /^.*?(?=-\d{5}-[a-z]{3}$|$)/],
  ["CLOUD_RUN_JOB", "Cloud Run job"],
  ["CI_ENVIRONMENT_TIER", "tier of GitLab's environment"],
  // `review/fix-prod-login`: behind the folder stands the name of a branch.
  ["CI_ENVIRONMENT_NAME", "GitLab's environment", /^[^/]*/],
  ["POD_NAMESPACE", "Kubernetes namespace"],
  ["KUBERNETES_NAMESPACE", "Kubernetes namespace"],
  ["VERCEL_ENV", "Vercel"],
  ["RAILWAY_ENVIRONMENT_NAME", "Railway"],
];

/** CI systems by the variable that each sets; most of them set `CI` too, which then adds nothing. */
const RUNNERS: readonly (readonly [string, string])[] = [
  ["GITHUB_ACTIONS", "GitHub Actions"],
  ["GITLAB_CI", "GitLab CI"],
  ["BUILDKITE", "Buildkite"],
  ["CIRCLECI", "CircleCI"],
  ["TF_BUILD", "Azure Pipelines"],
  ["TEAMCITY_VERSION", "TeamCity"],
  ["JENKINS_URL", "Jenkins"],
  ["CI", "a CI system"],
];

/** What the platform tells: the names it gave, and whether it runs jobs. */
export function platformIn(
  { variables, namespace }: Pick<ContextInputs, "variables" | "namespace">,
  { weights }: Pick<ContextRules, "weights">,
  readName: ReadName,
): Evidence[] {
  const weight = weights.platform;
  const named = NAMES.flatMap(([source, what, part = /^.*/]) => {
    const value = valueOf(variables, source);
    return value === undefined ? [] : [evidence(source, what, readName(part.exec(value)?.[0] ?? ""))];
  });
  const runner = RUNNERS.find(([source]) => isOn(valueOf(variables, source)));
  return [
    ...named,
    ...(namespace === undefined
      ? []
      : [evidence("service account", "Kubernetes namespace", readName(namespace))]),
    ...(runner === undefined
      ? []
      : [
          {
            tier: "platform" as const,
            source: runner[0],
            says: "ci" as const,
            production: false,
            detail: `${runner[1]}: where it runs`,
            weight,
          },
        ]),
  ];

  function evidence(source: string, what: string, { says, production, labels }: Reading): Evidence {
    const detail = `${what}: ${describeLabels(labels)}`;
    return { tier: "platform", source, ...(says === undefined ? {} : { says }), production, detail, weight };
  }
}

const isOn = (value: string | undefined): boolean =>
  value !== undefined && !["false", "0", "no"].includes(value.toLowerCase());
