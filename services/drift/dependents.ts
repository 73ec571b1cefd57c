import { type Reading, addressOf, leafOf } from "./reading.ts";

export interface DependentsInput {
  readonly source: string;
  readonly key: string;
  readonly reading: Reading;
  /** By dotted key of the configuration: the variable that sets it. */
  readonly configured: ReadonlyMap<string, string>;
  /** The configuration file, where there is one. */
  readonly config: { readonly path: string; readonly text: string } | undefined;
  /** What each suite requires. */
  readonly suites: ReadonlyMap<string, readonly string[]>;
}

/** Who uses a key, as far as anything that was read names it: keys of the configuration, suites, other keys, services. */
export function dependentsOf(input: DependentsInput): readonly string[] {
  const { source, key, reading, configured, config, suites } = input;
  const name = leafOf(key);
  const keys = [...configured].filter(([, variable]) => variable === name).map(([path]) => path);
  const refers = createReference(name);
  const lines = (config?.text.split("\n") ?? []).flatMap((line, index) =>
    refers(line) ? [{ line, at: `${config?.path}:${index + 1}` }] : [],
  );
  const dependencies = new Set(
    [...keys, ...lines.map(({ line }) => line.trim())].flatMap((text) => dependencyIn(text, suites)),
  );
  const file = reading.sources.find(({ id }) => id === source)?.file;
  const items = reading.sources.flatMap(({ id, items }) =>
    items
      .filter(
        (item) =>
          addressOf(id, item.key) !== addressOf(source, key) &&
          ((item.state.kind === "value" && refers(item.state.text)) ||
            (item.state.kind === "reference" && file !== undefined && namesFile(item.state.to, file))),
      )
      .map((item) => addressOf(id, item.key)),
  );
  return [
    ...keys.map((path) => `configuration key ${path}`),
    ...lines.map(({ at }) => at),
    ...[...suites].flatMap(([suite, required]) => {
      const through = required.filter((dependency) => dependencies.has(dependency));
      return through.length === 0 ? [] : [`suite ${suite}, through ${through.join(", ")}`];
    }),
    ...items,
  ];
}

/** Whether a text holds `$NAME` or `${NAME…}`. */
function createReference(name: string): (text: string) => boolean {
  if (!/^\w+$/.test(name)) return () => false;
  const pattern = new RegExp(`\\$(?:${name}(?!\\w)|\\{${name}(?!\\w))`);
  return (text) => pattern.test(text);
}

/** `dependencies.postgres.url` is about postgres, and so is a line `url: ${DATABASE_URL}` that names no other. */
function dependencyIn(text: string, suites: ReadonlyMap<string, readonly string[]>): string[] {
  const named = /^dependencies\.([\w-]+)/.exec(text)?.[1];
  if (named !== undefined) return [named];
  const known = new Set([...suites.values()].flat());
  return [...known].filter((dependency) => new RegExp(`\\b${dependency}\\b`).test(text));
}

/** `file ./a.env, b.env (optional)` names `a.env`. */
const namesFile = (reference: string, file: string): boolean =>
  reference.startsWith("file ") &&
  reference
    .slice("file ".length)
    .split(", ")
    .some((path) => path.replace(/^\.\//, "").replace(/ \(.*$/, "") === file);
