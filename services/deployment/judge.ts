/** Of a service that runs: which of all that makes a good deployment holds. Asks nobody. */
import { treeOf } from "../drift/tree.ts";
import type { Finding } from "../findings/finding.ts";
import { rolloutOf } from "../gcp/run.ts";
import type { RunService } from "../gcp/run-service.ts";
import type { CheckStatus, DeploymentCheck, SelfAnswer } from "./check.ts";
import { compareImages, parseImage } from "./image.ts";
import { lintManifest } from "./lint-manifest.ts";
import { judgeDependencies, judgeReady, releasesSaid } from "./self.ts";

export interface Expected {
  readonly image?: string;
  /** A version, or the hash of a commit (7 digits at least). */
  readonly release?: string;
}

export interface DeploymentInput {
  readonly service: RunService;
  readonly expected: Expected;
  /** `/health/ready`. */
  readonly ready: SelfAnswer;
  /** `/health`. */
  readonly health: SelfAnswer;
}

export interface Deployment {
  /** The worst of all checks. */
  readonly status: CheckStatus;
  readonly checks: readonly DeploymentCheck[];
  /** Of what runs, as of a manifest. */
  readonly findings: readonly Finding[];
}

const WORST: readonly CheckStatus[] = ["fail", "pending", "unknown", "warn", "pass"];

/** The newest template is the one judged; `reconciled` says whether it is also what serves. */
export function judgeDeployment({ service, expected, ready, health }: DeploymentInput): Deployment {
  const { name, rawTemplate } = service;
  const { findings } = lintManifest({ documents: [treeOf({ name, template: rawTemplate })] });
  const checks = [
    judgeRollout(service),
    judgeTraffic(service),
    ...judgeImage(service, expected.image),
    ...judgeRelease(service, expected.release, health),
    judgeManifest(findings),
    judgeReady(ready),
    judgeDependencies(health),
  ];
  return { status: worstOf(checks.map(({ status }) => status)), checks, findings };
}

export const worstOf = (statuses: readonly CheckStatus[]): CheckStatus =>
  WORST.find((status) => statuses.includes(status)) ?? "unknown";

function judgeRollout(service: RunService): DeploymentCheck {
  const rollout = rolloutOf(service);
  if (rollout.kind === "succeeded")
    return {
      name: "reconciled",
      status: "pass",
      evidence: `revision ${rollout.revision} is the newest, and is ready`,
    };
  if (rollout.kind === "reconciling") {
    const nextStep = "Wait until it has ended, and look again.";
    return { name: "reconciled", status: "pending", evidence: rollout.because, nextStep };
  }
  const serving = rollout.serving === undefined ? "nothing serves" : `${rollout.serving} goes on serving`;
  const { service: id, region, project } = service;
  const nextStep = `See why the newest revision failed: gcloud run revisions describe ${service.latestCreatedRevision ?? "REVISION"} --region ${region} --project ${project}; of ${id} nothing newer serves meanwhile.`;
  return { name: "reconciled", status: "fail", evidence: `${rollout.because}; ${serving}`, nextStep };
}

function judgeTraffic({ traffic, latestReadyRevision, service, region }: RunService): DeploymentCheck {
  const elsewhere = traffic.filter(
    ({ latest, revision, percent }) => percent > 0 && !latest && revision !== latestReadyRevision,
  );
  if (elsewhere.length === 0)
    return { name: "traffic", status: "pass", evidence: "all requests go to the newest ready revision" };
  const shares = elsewhere.map(({ revision, percent }) => `${percent} % to ${revision ?? "?"}`).join(", ");
  return {
    name: "traffic",
    status: "fail",
    evidence: `of all requests go ${shares}, not to ${latestReadyRevision ?? "the newest"}`,
    nextStep: `Send all to the newest: gcloud run services update-traffic ${service} --to-latest --region ${region}`,
  };
}

function judgeImage({ template }: RunService, expected: string | undefined): readonly DeploymentCheck[] {
  if (expected === undefined) return [];
  const found = template.containers.map(({ image }) => image);
  const compared = new Set(found.map((image) => compareImages(image, expected)));
  if (compared.has("same")) return [{ name: "image", status: "pass", evidence: `it runs ${expected}` }];
  const evidence = `it runs ${found.join(", ")}, and ${expected} is expected`;
  return compared.has("unknown")
    ? [
        {
          name: "image",
          status: "unknown",
          evidence: `${evidence}: one is named by tag and one by digest`,
          nextStep: `Name it by what the tag stands for: gcloud artifacts docker images describe ${expected}`,
        },
      ]
    : [{ name: "image", status: "fail", evidence, nextStep: `Deploy it: ${expected}` }];
}

/** By the tag of the image, or by what the service says of itself. */
function judgeRelease(
  { template }: RunService,
  expected: string | undefined,
  health: SelfAnswer,
): readonly DeploymentCheck[] {
  if (expected === undefined) return [];
  const tags = template.containers.flatMap(({ image }) => parseImage(image).tag ?? []);
  const said = [...tags.map((tag) => `${tag} (tag of the image)`), ...releasesSaid(health)];
  const releases = said.map((each) => each.split(" ")[0] ?? "");
  const at = releases.findIndex((release) => sameRelease(release, expected));
  if (at !== -1) return [{ name: "release", status: "pass", evidence: `it is ${said[at]}` }];
  const known = health.kind === "answered" && said.length > 0;
  return [
    {
      name: "release",
      status: known ? "fail" : "unknown",
      evidence: `${expected} is expected; found ${said.length === 0 ? "nothing that says which it is" : said.join(", ")}`,
      nextStep: `Deploy ${expected}, or name what is meant: --image or --release`,
    },
  ];
}

/** `v1.2.0` is `1.2.0`, and a commit may be cut to 7 digits or more. */
function sameRelease(found: string, expected: string): boolean {
  const [one, other] = [found, expected].map((text) => text.replace(/^v(?=\d)/, "")) as [string, string];
  if (one === other) return true;
  const hashes = /^[\da-f]{7,64}$/.test(one) && /^[\da-f]{7,64}$/.test(other);
  return hashes && (one.startsWith(other) || other.startsWith(one));
}

function judgeManifest(findings: readonly Finding[]): DeploymentCheck {
  const [errors, warnings] = (["error", "warning"] as const).map((severity) =>
    findings.filter((finding) => finding.severity === severity),
  ) as [Finding[], Finding[]];
  const [worst] = [...errors, ...warnings];
  if (worst === undefined)
    return { name: "manifest", status: "pass", evidence: "probes, egress, account and variables hold" };
  const counted = `${errors.length} of severity error, ${warnings.length} of warning`;
  return {
    name: "manifest",
    status: errors.length > 0 ? "fail" : "warn",
    evidence: `${counted}; first: ${worst.message}`,
    ...(worst.remedies[0] !== undefined && { nextStep: worst.remedies[0] }),
  };
}
