/** Annotations at the level where they are read, and one way into the VPC. */
import { textOf } from "../drift/tree.ts";
import { type Manifest, isGreenlight } from "./manifest.ts";
import type { Fault } from "./rule.ts";

const RUN = "run.googleapis.com/";

/** Cloud Run reads these on the revision. */
const OF_TEMPLATE = new Set(
  [
    "vpc-access-connector",
    "vpc-access-egress",
    "network-interfaces",
    "cloudsql-instances",
    "cpu-throttling",
    "startup-cpu-boost",
    "execution-environment",
    "sessionAffinity",
  ].map((name) => RUN + name),
);

/** And these on the service. */
const OF_SERVICE = new Set(
  ["ingress", "invoker-iam-disabled", "custom-audiences", "minScale", "maxScale"].map((name) => RUN + name),
);

const SCALING = "autoscaling.knative.dev/";

export function annotationLevels({ shape, serviceNotes, templateNotes }: Manifest): readonly Fault[] {
  if (shape === "v2") {
    return [...serviceNotes, ...templateNotes].flatMap(([name, at]) =>
      /^(?:run|cloud)\.googleapis\.com\/|^(?:serving|autoscaling)\.knative\.dev\//.test(name)
        ? [
            fault(name, {
              at,
              message: `${name} is an annotation of version 1: the API of version 2 refuses it and has a field.`,
            }),
          ]
        : [],
    );
  }
  const outer = [...serviceNotes].flatMap(([name, at]) =>
    OF_TEMPLATE.has(name) || name.startsWith(SCALING)
      ? [
          fault(name, {
            at,
            message: `${name} stands on the service (metadata.annotations), and is read on the revision: spec.template.metadata.annotations.`,
          }),
        ]
      : [],
  );
  const inner = [...templateNotes].flatMap(([name, at]) =>
    OF_SERVICE.has(name)
      ? [
          fault(name, {
            at,
            message: `${name} stands on the revision (spec.template.metadata.annotations), and is read on the service: metadata.annotations.`,
          }),
        ]
      : [],
  );
  return [...outer, ...inner];
}

const fault = (about: string, rest: Pick<Fault, "at" | "message">): Fault => ({
  code: "DEPLOYMENT_ANNOTATION_LEVEL",
  about,
  facts: { annotation: about },
  ...rest,
});

export function egress({ connector, interfaces, serviceNotes, tree }: Manifest): readonly Fault[] {
  if (connector !== undefined && interfaces !== undefined)
    return [
      {
        code: "DEPLOYMENT_TWO_EGRESSES",
        about: "egress",
        at: connector,
        message: "It names both a connector and network interfaces; Cloud Run takes one of them.",
        evidence: [`the connector: ${textOf(connector) ?? ""}`],
      },
    ];
  if (connector !== undefined || interfaces !== undefined) return [];
  // One that stands at the wrong level is told of there: one fault is one finding.
  if ([...serviceNotes.keys()].some((name) => /vpc-access-connector|network-interfaces/.test(name)))
    return [];
  const message = "It has neither a connector nor Direct VPC egress: private addresses cannot be reached.";
  return [{ code: "DEPLOYMENT_NO_EGRESS", about: "egress", at: tree, message }];
}

export function cpu(manifest: Manifest): readonly Fault[] {
  const { throttled, minInstances, templateNotes, tree } = manifest;
  if (!isGreenlight(manifest)) return [];
  if (throttled) {
    const at = templateNotes.get(`${RUN}cpu-throttling`) ?? tree;
    const message = "It has CPU during requests alone, so nothing is observed between them.";
    return [{ code: "DEPLOYMENT_CPU_THROTTLED", about: "cpu", at, message }];
  }
  if (minInstances >= 1) return [];
  const message = "It may have no instance at all (minScale 0), and then nothing is observed.";
  return [{ code: "DEPLOYMENT_CPU_THROTTLED", about: "instances", at: tree, message }];
}

export function serviceAccount({ serviceAccount: account, tree }: Manifest): readonly Fault[] {
  if ((textOf(account) ?? "") !== "") return [];
  const message = "It names no service account, and so runs as the project's default one.";
  return [{ code: "DEPLOYMENT_NO_SERVICE_ACCOUNT", about: "account", at: tree, message }];
}
