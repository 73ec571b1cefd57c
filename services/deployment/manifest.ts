/** deployment: whether a Cloud Run service is deployed as it should be: its manifest, what runs, and what that says of itself. */
import { type Tree, childOf, entriesOf, listOf, objectsIn, textOf } from "../drift/tree.ts";

/** A Cloud Run service, in whichever of the two shapes it was written. */
export interface Manifest {
  readonly name: string;
  /** `knative`: what `gcloud run services replace` reads. `v2`: what the API of version 2 gives. */
  readonly shape: "knative" | "v2";
  readonly tree: Tree;
  /** By name, with `run.googleapis.com/` and others in front. */
  readonly serviceNotes: ReadonlyMap<string, Tree>;
  readonly templateNotes: ReadonlyMap<string, Tree>;
  readonly connector: Tree | undefined;
  readonly interfaces: Tree | undefined;
  readonly serviceAccount: Tree | undefined;
  /** CPU during requests alone. */
  readonly throttled: boolean;
  readonly minInstances: number;
  readonly containers: readonly ManifestContainer[];
}

export interface ManifestContainer {
  readonly name: string;
  readonly tree: Tree;
  readonly image: string;
  readonly variables: readonly ManifestVariable[];
}

export interface ManifestVariable {
  readonly name: string;
  readonly tree: Tree;
  /** Undefined when it refers to a secret. Never shown. */
  readonly value: string | undefined;
}

/** Every service in the documents of a file. */
export function manifestsIn(documents: readonly Tree[]): readonly Manifest[] {
  return objectsIn(documents).flatMap((tree) => ofV2(tree) ?? ofKnative(tree) ?? []);
}

const annotations = (tree: Tree | undefined): ReadonlyMap<string, Tree> =>
  new Map(entriesOf(childOf(tree, "metadata", "annotations")));

function ofKnative(tree: Tree): Manifest | undefined {
  const template = childOf(tree, "spec", "template");
  const spec = childOf(template, "spec");
  const containers = childOf(spec, "containers");
  if (containers?.kind !== "list") return undefined;
  const [serviceNotes, templateNotes] = [annotations(tree), annotations(template)];
  const run = (name: string): Tree | undefined => templateNotes.get(`run.googleapis.com/${name}`);
  const scale =
    templateNotes.get("autoscaling.knative.dev/minScale") ?? serviceNotes.get("run.googleapis.com/minScale");
  return {
    name: textOf(childOf(tree, "metadata", "name")) ?? "",
    shape: "knative",
    tree,
    serviceNotes,
    templateNotes,
    connector: run("vpc-access-connector"),
    interfaces: run("network-interfaces"),
    serviceAccount: childOf(spec, "serviceAccountName"),
    throttled: textOf(run("cpu-throttling"))?.toLowerCase() !== "false",
    minInstances: Number(textOf(scale) ?? 0),
    containers: containers.items.map(containerOf),
  };
}

function ofV2(tree: Tree): Manifest | undefined {
  const template = childOf(tree, "template");
  const containers = childOf(template, "containers");
  if (containers?.kind !== "list") return undefined;
  const [first] = containers.items;
  const interfaces = childOf(template, "vpcAccess", "networkInterfaces");
  const idle = textOf(childOf(first, "resources", "cpuIdle"));
  const scale =
    childOf(template, "scaling", "minInstanceCount") ?? childOf(tree, "scaling", "minInstanceCount");
  return {
    name: (textOf(childOf(tree, "name")) ?? "").split("/").at(-1) ?? "",
    shape: "v2",
    tree,
    serviceNotes: new Map(entriesOf(childOf(tree, "annotations"))),
    templateNotes: new Map(entriesOf(childOf(template, "annotations"))),
    connector: childOf(template, "vpcAccess", "connector"),
    interfaces: listOf(interfaces).length === 0 ? undefined : interfaces,
    serviceAccount: childOf(template, "serviceAccount"),
    // Where `resources` is there and `cpuIdle` is not, the API takes it for false.
    throttled: idle === undefined ? childOf(first, "resources") === undefined : idle !== "false",
    minInstances: Number(textOf(scale) ?? 0),
    containers: containers.items.map(containerOf),
  };
}

function containerOf(tree: Tree, index: number): ManifestContainer {
  return {
    name: textOf(childOf(tree, "name")) ?? String(index),
    tree,
    image: textOf(childOf(tree, "image")) ?? "",
    variables: listOf(childOf(tree, "env")).flatMap((each) => {
      const name = textOf(childOf(each, "name"));
      if (name === undefined) return [];
      const refers = (childOf(each, "valueFrom") ?? childOf(each, "valueSource")) !== undefined;
      return [{ name, tree: each, value: refers ? undefined : (textOf(childOf(each, "value")) ?? "") }];
    }),
  };
}

/** Whether it is this tool: what it observes in the background needs CPU between requests. */
export const isGreenlight = ({ containers }: Manifest): boolean =>
  containers.some(
    ({ image, variables }) =>
      /(?:^|\/)greenlight(?:[:@/]|$)/.test(image) ||
      variables.some(({ name }) => name.startsWith("GREENLIGHT_")),
  );
