import type { Dialect } from "./dialect.ts";

/** A layer as it was declared. */
export interface DeclaredLayer {
  readonly path: string;
  readonly dialect: Dialect;
  /** The path of another file, which lies beneath this one. */
  readonly extends?: string;
  /** False: it may be missing. */
  readonly required: boolean;
  /** Where it was declared: `greenlight.yaml:12:5`; absent for one that nobody declared. */
  readonly where?: string;
}

/** A file in its place among the others. */
export type EnvLayer = Omit<DeclaredLayer, "extends"> & {
  /** The layer that names it in its `extends`, where that is the only reason why it is here. */
  readonly extendedBy?: string;
};

/** Files that extend each other in a circle, the first one again at the end. */
export interface LayerCycle {
  readonly paths: readonly string[];
  /** Where each `extends` of the circle was declared, in the same order. */
  readonly where: readonly string[];
}

export interface OrderedLayers {
  /** Lowest first: what stands later wins. Each file once. */
  readonly layers: readonly EnvLayer[];
  readonly cycles: readonly LayerCycle[];
}

/**
 * Puts every file beneath those that extend it, and leaves the rest as declared. One that is extended and was not declared
 * is read in the dialect of the first that extends it. What is in a circle is told, and then left where it was declared.
 */
export function orderLayers(declared: readonly DeclaredLayer[]): OrderedLayers {
  const byPath = new Map<string, DeclaredLayer>();
  for (const layer of declared) if (!byPath.has(normal(layer.path))) byPath.set(normal(layer.path), layer);
  const placed = new Map<string, EnvLayer>();
  const cycles: LayerCycle[] = [];
  for (const [start] of byPath) {
    // From the top of a chain down to its end, then placed from the end up.
    const chain: EnvLayer[] = [];
    const seen = new Map<string, number>();
    let path: string | undefined = start;
    let above: DeclaredLayer | undefined;
    while (path !== undefined && !placed.has(path)) {
      const met = seen.get(path);
      if (met !== undefined) {
        cycles.push(cycleOf(chain.slice(met)));
        break;
      }
      seen.set(path, chain.length);
      const layer: DeclaredLayer | undefined = byPath.get(path) ?? (above && beneath(above));
      if (layer === undefined) break;
      const { extends: lower, ...own }: DeclaredLayer = layer;
      chain.push(byPath.has(path) || !above ? own : { ...own, extendedBy: above.path });
      path = lower === undefined ? undefined : normal(lower);
      above = layer;
    }
    for (const layer of chain.toReversed()) placed.set(normal(layer.path), layer);
  }
  return { layers: [...placed.values()], cycles };
}

function beneath({ extends: path = "", dialect, where }: DeclaredLayer): DeclaredLayer {
  return { path, dialect, required: true, ...(where === undefined ? {} : { where }) };
}

function cycleOf(layers: readonly EnvLayer[]): LayerCycle {
  const paths = layers.map(({ path }) => path);
  return { paths: [...paths, paths[0] ?? ""], where: layers.map(({ where = "" }) => where) };
}

/** `./.env` and `.env` are one file. */
const normal = (path: string): string =>
  path
    .split("/")
    .filter((part, index) => part !== "." && (part !== "" || index === 0))
    .join("/");

/** The layers where none are declared, in the order of Vite and Next.js; each may be missing. */
export function defaultLayers(environment: string): readonly DeclaredLayer[] {
  const named = environment === "unknown" ? [] : [`.env.${environment}`, `.env.${environment}.local`];
  return [".env", ".env.local", ...named].map((path) => ({ path, dialect: "dotenv", required: false }));
}
