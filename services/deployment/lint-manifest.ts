/** All rules over all services of a manifest, as findings. */
import { type Tree, lineOf } from "../drift/tree.ts";
import { compareFindings, createFinding } from "../findings/create.ts";
import type { Finding } from "../findings/finding.ts";
import { type Manifest, manifestsIn } from "./manifest.ts";
import type { Fault } from "./rule.ts";
import { annotationLevels, cpu, egress, serviceAccount } from "./rules-network.ts";
import { probes } from "./rules-probes.ts";
import { variables } from "./rules-variables.ts";

const RULES: readonly ((manifest: Manifest) => readonly Fault[])[] = [
  annotationLevels,
  egress,
  cpu,
  serviceAccount,
  probes,
  variables,
];

export interface ManifestInput {
  /** As shown; absent for a service that runs. */
  readonly file?: string;
  readonly documents: readonly Tree[];
}

export interface LintedManifest {
  /** By name. */
  readonly services: readonly string[];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Reads nothing but the documents. No finding holds a value of a variable. */
export function lintManifest({ file, documents }: ManifestInput): LintedManifest {
  const manifests = manifestsIn(documents);
  if (manifests.length === 0) {
    const message =
      "It holds no Cloud Run service: neither spec.template.spec.containers nor template.containers was found.";
    return { services: [], findings: [unreadable({ file: file ?? "service", message })] };
  }
  const findings = manifests.flatMap((manifest) =>
    RULES.flatMap((rule) => rule(manifest)).map((fault) => toFinding(fault, manifest, file)),
  );
  return { services: manifests.map(({ name }) => name), findings: findings.toSorted(compareFindings) };
}

/** For what cannot be linted at all. */
export function unreadable({
  file,
  message,
  ...at
}: {
  readonly file: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}): Finding {
  const place = { kind: "file", file, ...at } as const;
  return createFinding({ code: "DEPLOYMENT_MANIFEST_UNREADABLE", subject: file, message, place });
}

function toFinding(fault: Fault, { name }: Manifest, file: string | undefined): Finding {
  const { code, about, message, at, evidence = [], facts = {} } = fault;
  return createFinding({
    code,
    subject: `${file ?? "run"}:${name}:${about}`,
    message,
    evidence,
    facts: { ...(file === undefined && { file: "cloudrun.yaml" }), ...facts },
    place:
      file === undefined
        ? { kind: "source", name: `Cloud Run service ${name}` }
        : { kind: "file", file, ...lineOf(at) },
  });
}
