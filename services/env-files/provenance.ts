/** Where each key gets its value: which layer wins, and what lies beneath it. */
import type { Dialect } from "./dialect.ts";
import type { EnvEntry, EnvFault, EnvFile } from "./env-file.ts";
import { type Lookup, type ResolvedEntry, resolveEntries } from "./resolve.ts";

/** One place that sets a key, or would. */
export type Setting =
  | { readonly kind: "variable"; readonly value: string }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly dialect: Dialect;
      readonly line: number;
      readonly column: number;
      readonly entry: EnvEntry;
      /** References replaced. Absent: the key stands alone, or its value cannot be had. */
      readonly value?: string;
      /** Why it does not count although it stands there. */
      readonly without?: "no-value" | "file-refused";
    };

export interface Provenance {
  readonly key: string;
  /** Absent: nothing that counts sets it. */
  readonly winner?: Setting;
  /** What it shadows, the nearest first. */
  readonly shadowed: readonly Setting[];
  /** Settings that do not count. */
  readonly ignored: readonly Setting[];
}

export interface TracedFile {
  readonly path: string;
  readonly dialect: Dialect;
  readonly faults: readonly EnvFault[];
  /** Its program refuses it whole, so it sets nothing. */
  readonly refused: boolean;
}

export interface Traced {
  /** Every key of every file, and those of the process that a file has too. */
  readonly keys: ReadonlyMap<string, Provenance>;
  readonly files: readonly TracedFile[];
}

export interface TraceInput {
  /** Lowest first. */
  readonly files: readonly EnvFile[];
  /** The variables of the process, which win over every file, empty ones too. */
  readonly variable: Lookup;
}

/** Goes through the layers from the lowest up; a reference sees the process, then its own file, then lower layers. */
export function traceLayers({ files, variable }: TraceInput): Traced {
  const settings = new Map<string, Setting[]>();
  const lower = new Map<string, string>();
  const traced = files.map((file) => {
    const { path, dialect, entries } = file;
    const resolved = resolveEntries({
      dialect,
      entries,
      outside: variable,
      beneath: (name) => lower.get(name),
    });
    const faults = [...file.faults, ...resolved.flatMap(({ fault }) => fault ?? [])];
    const refused = faults.some(({ effect }) => effect === "file-refused");
    const takenBack = dialect === "python-dotenv" ? aloneAtLast(resolved) : NONE;
    for (const { entry, value } of resolved) {
      const { key, line, column } = entry;
      const found = {
        ...(value === undefined ? NO_VALUE : { value }),
        ...(takenBack.has(key) && NO_VALUE),
        ...(refused && FILE_REFUSED),
      };
      const setting: Setting = { kind: "file", path, dialect, line, column, entry, ...found };
      const earlier = settings.get(key);
      if (earlier) earlier.push(setting);
      else settings.set(key, [setting]);
      if (value !== undefined && !refused && !takenBack.has(key)) lower.set(key, value);
    }
    return { path, dialect, faults, refused };
  });
  const keys = [...settings].map(([key, found]) => [key, rank(key, found, variable(key))] as const);
  return { keys: new Map(keys), files: traced };
}

const NONE: ReadonlySet<string> = new Set();

/** Keys whose last line has no value: python-dotenv sets none of them, whatever stands above. */
function aloneAtLast(resolved: readonly ResolvedEntry[]): ReadonlySet<string> {
  const last = new Map(resolved.map(({ entry, value }) => [entry.key, value]));
  return new Set([...last].flatMap(([key, value]) => (value === undefined ? [key] : [])));
}

const NO_VALUE = { without: "no-value" } as const;
const FILE_REFUSED = { without: "file-refused" } as const;

function rank(key: string, found: readonly Setting[], value: string | undefined): Provenance {
  const strongest = found.toReversed();
  const counting = strongest.filter((setting) => setting.kind === "variable" || !setting.without);
  const ignored = strongest.filter((setting) => setting.kind === "file" && setting.without);
  const [winner, ...shadowed]: Setting[] =
    value === undefined ? counting : [{ kind: "variable", value }, ...counting];
  return { key, ...(winner && { winner }), shadowed, ignored };
}
