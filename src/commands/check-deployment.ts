import { systemClock } from "../../services/clock.ts";
import type { CheckStatus, SelfAnswer } from "../../services/deployment/check.ts";
import type { Expected } from "../../services/deployment/judge.ts";
import { type Looked, look } from "../../services/deployment/look.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { readManifest } from "../deployment/read-manifest.ts";
import { EXIT } from "../exit-codes.ts";
import { locate } from "../gcp/locate.ts";
import { openGcp } from "../gcp/open-gcp.ts";
import { renderDeployment } from "../views/deployment-human.ts";
import type { DeploymentReport } from "../views/deployment-report.ts";
import { writeResult } from "../views/write.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { createServiceClient } from "./service-client.ts";
import { readBase } from "./service-request.ts";
import { readConfig } from "./read-config.ts";

export interface CheckDeploymentOptions extends OutputOptions {
  readonly config?: string;
  readonly image?: string;
  readonly release?: string;
  readonly url?: string;
  readonly manifest?: string;
}

/** Judges a manifest without asking anybody, or the service that runs. Resolves with the exit code. */
export async function checkDeployment(
  context: CommandContext,
  options: CheckDeploymentOptions,
): Promise<number> {
  const report = await (options.manifest === undefined
    ? judgeRunning(context, options)
    : judgeManifest(context, options, options.manifest));
  writeResult(context, options, { result: report, human: renderDeployment });
  return report.exitCode;
}

async function judgeManifest(
  { cwd, signal }: CommandContext,
  { image, release, url }: CheckDeploymentOptions,
  file: string,
): Promise<DeploymentReport> {
  if (image !== undefined || release !== undefined || url !== undefined)
    throw usageError("--manifest looks at a file alone: leave out --image, --release and --url.");
  const { services, findings } = await readManifest({ path: file, cwd, signal });
  const isBad = findings.some(({ severity }) => severity === "error");
  return {
    schemaVersion: 1,
    command: "check deployment",
    subject: { kind: "manifest", file, services },
    status: isBad ? "fail" : findings.some(({ severity }) => severity === "warning") ? "warn" : "pass",
    exitCode: isBad ? EXIT.findings : EXIT.ok,
    checks: [],
    findings,
    nextSteps: stepsOf(findings),
  };
}

async function judgeRunning(
  context: CommandContext,
  options: CheckDeploymentOptions,
): Promise<DeploymentReport> {
  const { env, signal } = context;
  const url = options.url === undefined ? undefined : readBase(options.url);
  const gcp = (await readConfig(context, options.config)).config.gcp;
  const { project, region, service } = await locate(gcp, { env, signal });
  if (project === undefined || region === undefined || service === undefined) {
    const missing = Object.entries({ project, region, service }).flatMap(([key, value]) =>
      value === undefined ? [`gcp.${key}`] : [],
    );
    throw new CliError(EXIT.config, `which service is meant is not configured: ${missing.join(", ")}.`, {
      hint: "Set them in greenlight.yaml, or as GREENLIGHT_GCP_PROJECT, GREENLIGHT_GCP_REGION and GREENLIGHT_GCP_SERVICE.",
    });
  }
  const { image, release } = options;
  const expected: Expected = {
    ...(image !== undefined && { image }),
    ...(release !== undefined && { release }),
  };
  const { reader } = openGcp(gcp, { clock: systemClock });
  const askSelf = (at: string, path: string): Promise<SelfAnswer> => ask(context, at, path);
  const found = await look({
    reader,
    project,
    region,
    service,
    expected,
    ...(url !== undefined && { url }),
    askSelf,
    signal,
  });
  return toReport(found, { project, region, service });
}

interface Where {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

const EXIT_CODES: Readonly<Record<CheckStatus, number>> = {
  pass: EXIT.ok,
  warn: EXIT.ok,
  pending: EXIT.temporary,
  unknown: EXIT.temporary,
  fail: EXIT.unavailable,
};

function toReport(looked: Looked, where: Where): DeploymentReport {
  const common = { schemaVersion: 1, command: "check deployment" } as const;
  if (looked.kind === "looked") {
    const { status, checks, findings } = looked.deployment;
    const { latestReadyRevision: revision, uri: url } = looked.service;
    return {
      ...common,
      subject: {
        kind: "service",
        ...where,
        ...(revision !== undefined && { revision }),
        ...(url !== undefined && { url }),
      },
      status,
      exitCode: EXIT_CODES[status],
      checks,
      findings,
      nextSteps: [...new Set([...checks.flatMap(({ nextStep }) => nextStep ?? []), ...stepsOf(findings)])],
    };
  }
  const isAbsent = looked.kind === "absent";
  const status = isAbsent ? "fail" : "unknown";
  const { project, region, service } = where;
  const evidence = isAbsent
    ? `there is no service ${service} in ${region} of ${project}`
    : looked.because.message;
  const nextStep = isAbsent
    ? `Deploy it, or correct gcp.project, gcp.region and gcp.service: gcloud run services list --project ${project}`
    : "The account that looks needs roles/run.viewer, and the API run.googleapis.com has to be on.";
  return {
    ...common,
    subject: { kind: "service", ...where },
    status,
    exitCode: EXIT_CODES[status],
    checks: [{ name: "reconciled", status, evidence, nextStep }],
    findings: [],
    nextSteps: [nextStep],
  };
}

const stepsOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.flatMap(({ remedies: [first] }) => first ?? [])),
];

/** What cannot be asked is said, and judged as unknown. */
async function ask(context: CommandContext, url: string, path: string): Promise<SelfAnswer> {
  try {
    const { status, body } = await createServiceClient(context, { url }).get(path);
    return { kind: "answered", status, body };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    return { kind: "silent", because: error.message };
  }
}
