import { type Items, type Shape, unknownShape, value } from "./shape.ts";
import type { Item } from "./reading.ts";
import { type Tree, canonical, childOf, entriesOf, lineOf, listOf, objectsIn, textOf } from "./tree.ts";

const EXPECTED =
  "a Cloud Run service: `template.containers` of the v2 API, or `spec.template.spec.containers` as gcloud describes it";

/**
 * What a Cloud Run service is configured with: variables, image, network, account and scaling. The v2 API and what gcloud
 * describes (Knative) come to the same keys, so that either may be kept.
 */
export function readCloudRun(documents: readonly Tree[]): Items {
  const services = objectsIn(documents).flatMap((tree) => shapeOf(tree) ?? []);
  if (services.length === 0) return unknownShape(EXPECTED);
  return {
    ok: true,
    items: services.flatMap((each) => itemsOf(each, services.length === 1 ? "" : `services/${each.name}/`)),
  };
}

interface Service {
  readonly name: string;
  readonly containers: readonly Tree[];
  readonly settings: readonly (readonly [string, Shape])[];
}

function shapeOf(tree: Tree): Service | undefined {
  const v2 = childOf(tree, "template");
  if (childOf(v2, "containers")?.kind === "list") return ofV2(tree, v2);
  const spec = childOf(tree, "spec", "template", "spec");
  return childOf(spec, "containers")?.kind === "list" ? ofKnative(tree, spec) : undefined;
}

function ofV2(tree: Tree, template: Tree | undefined): Service {
  const get = (...path: string[]) => childOf(template, ...path);
  return {
    name: (textOf(childOf(tree, "name")) ?? "").split("/").at(-1) ?? "",
    containers: listOf(get("containers")),
    settings: [
      ["serviceAccount", get("serviceAccount")],
      ["vpcAccess/connector", get("vpcAccess", "connector")],
      ["vpcAccess/egress", get("vpcAccess", "egress")],
      ["vpcAccess/networkInterfaces", get("vpcAccess", "networkInterfaces")],
      ["scaling/minInstanceCount", get("scaling", "minInstanceCount")],
      ["scaling/maxInstanceCount", get("scaling", "maxInstanceCount")],
      ["scaling/service/minInstanceCount", childOf(tree, "scaling", "minInstanceCount")],
      ["scaling/service/maxInstanceCount", childOf(tree, "scaling", "maxInstanceCount")],
      ...sqlInstances(listOf(get("volumes"))),
    ],
  };
}

function sqlInstances(volumes: readonly Tree[]): (readonly [string, Shape])[] {
  const instances = volumes.flatMap((volume) => listOf(childOf(volume, "cloudSqlInstance", "instances")));
  const names = instances.flatMap((instance) => textOf(instance) ?? []).toSorted();
  return names.length === 0 ? [] : [["cloudSqlInstances", names.join(",")]];
}

const EGRESS: Readonly<Record<string, string>> = {
  "private-ranges-only": "PRIVATE_RANGES_ONLY",
  "all-traffic": "ALL_TRAFFIC",
  all: "ALL_TRAFFIC",
};

function ofKnative(tree: Tree, spec: Tree | undefined): Service {
  const note = (name: string): Shape => childOf(tree, "spec", "template", "metadata", "annotations", name);
  const outer = (name: string): Shape => childOf(tree, "metadata", "annotations", name);
  const run = (name: string): Shape => note(`run.googleapis.com/${name}`);
  const egress = textOfShape(run("vpc-access-egress"));
  const instances = textOfShape(run("cloudsql-instances"))
    ?.split(",")
    .map((each) => each.trim())
    .toSorted();
  return {
    name: textOf(childOf(tree, "metadata", "name")) ?? "",
    containers: listOf(childOf(spec, "containers")),
    settings: [
      ["serviceAccount", childOf(spec, "serviceAccountName")],
      ["vpcAccess/connector", run("vpc-access-connector")],
      ["vpcAccess/egress", egress === undefined ? undefined : (EGRESS[egress] ?? egress)],
      ["vpcAccess/networkInterfaces", parsed(run("network-interfaces"))],
      ["scaling/minInstanceCount", note("autoscaling.knative.dev/minScale")],
      ["scaling/maxInstanceCount", note("autoscaling.knative.dev/maxScale")],
      ["scaling/service/minInstanceCount", outer("run.googleapis.com/minScale")],
      ["scaling/service/maxInstanceCount", outer("run.googleapis.com/maxScale")],
      ...(instances === undefined ? [] : [["cloudSqlInstances", instances.join(",")] as const]),
    ],
  };
}

const textOfShape = (shape: Shape): string | undefined => (typeof shape === "string" ? shape : textOf(shape));

/** The annotation holds JSON, whose blanks mean nothing. */
function parsed(shape: Shape): Shape {
  const text = textOfShape(shape);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as readonly Record<string, unknown>[];
    return JSON.stringify(value.map((each) => canonicalInterface(Object.entries(each))));
  } catch {
    return text;
  }
}

function itemsOf({ name, containers, settings }: Service, prefix: string): Item[] {
  const items: Item[] = [{ key: `${prefix}name`, state: { kind: "value", text: name } }];
  for (const [key, shape] of settings) {
    if (shape === undefined) continue;
    const text = typeof shape === "string" ? shape : settingText(key, shape);
    const line = typeof shape === "string" ? {} : lineOf(shape);
    if (text !== undefined) items.push({ key: prefix + key, state: { kind: "value", text }, ...line });
  }
  for (const [index, container] of containers.entries()) {
    const called = textOf(childOf(container, "name")) ?? String(index);
    const within = containers.length === 1 ? prefix : `${prefix}containers/${called}/`;
    const image = childOf(container, "image");
    const text = textOf(image);
    if (text !== undefined)
      items.push({ key: `${within}image`, state: { kind: "value", text }, ...lineOf(image) });
    for (const variable of listOf(childOf(container, "env"))) items.push(...variableItem(variable, within));
    for (const from of listOf(childOf(container, "envFrom"))) items.push(...fromItem(from, within));
  }
  return items;
}

/** Interfaces and their tags are sets: their order means nothing. */
function settingText(key: string, tree: Tree): string | undefined {
  if (!key.endsWith("networkInterfaces"))
    return textOf(tree) ?? (tree.kind === "scalar" ? undefined : canonical(tree));
  const each = listOf(tree).map((one) =>
    canonicalInterface(
      entriesOf(one).map(([name, child]) => [name, textOf(child) ?? listOf(child).map(textOf)]),
    ),
  );
  return each.length === 0 ? undefined : JSON.stringify(each);
}

const canonicalInterface = (entries: readonly (readonly [string, unknown])[]): unknown =>
  entries
    .map(([name, value]) => [name, Array.isArray(value) ? value.map(String).toSorted() : value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

function variableItem(tree: Tree, within: string): Item[] {
  const name = textOf(childOf(tree, "name"));
  if (name === undefined) return [];
  const at = { key: `${within}env/${name}`, ...lineOf(tree) };
  const secret = childOf(tree, "valueSource", "secretKeyRef") ?? childOf(tree, "valueFrom", "secretKeyRef");
  const map = childOf(tree, "valueFrom", "configMapKeyRef");
  if (secret !== undefined) {
    const from = textOf(childOf(secret, "secret")) ?? textOf(childOf(secret, "name")) ?? "";
    const version = textOf(childOf(secret, "version")) ?? textOf(childOf(secret, "key")) ?? "latest";
    return [{ ...at, state: { kind: "reference", to: `secret ${from}@${version}` } }];
  }
  if (map !== undefined) {
    const to = `configMap ${textOf(childOf(map, "name")) ?? ""}/${textOf(childOf(map, "key")) ?? ""}`;
    return [{ ...at, state: { kind: "reference", to } }];
  }
  // Cloud Run leaves out a value that is empty.
  return [{ ...at, state: value(textOf(childOf(tree, "value")) ?? "") }];
}

function fromItem(tree: Tree, within: string): Item[] {
  return ["configMapRef", "secretRef"].flatMap((kind) => {
    const name = textOf(childOf(tree, kind, "name"));
    if (name === undefined) return [];
    const to = `${kind === "secretRef" ? "secret" : "configMap"} ${name}`;
    return [{ key: `${within}envFrom/${name}`, state: { kind: "reference" as const, to }, ...lineOf(tree) }];
  });
}
