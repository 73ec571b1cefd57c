/** What kind of text a file is: where a name only counts when it is read, and how a comment begins. */
type Kind = {
  readonly comment: RegExp;
  readonly spellings: "all" | "exact";
  readonly sets: readonly RegExp[];
};

/** Before the name, then behind it, as one text with the name replaced by NUL. */
const ASSIGNED_MEMBER = /(?:\benv(?:iron)?|ENV)(?:\.|\[["'`])\0["'`]?\]?\s*=(?![=>~])/;
const SHELL_SETS = [
  /(?:^|[\s;&|(])\0\+?=/,
  /\b(?:export|unset|readonly|local|declare(?: -\w+)?)\s+\0\s*(?:$|[;&|\s])/,
];

const HASH = /^\s*#/;
const CODE: Kind = { comment: /^\s*(?:\/\/|\/\*|\*(?!\*?=))/, spellings: "all", sets: [ASSIGNED_MEMBER] };
const SCRIPT: Kind = { comment: HASH, spellings: "all", sets: [ASSIGNED_MEMBER] };
const SHELL: Kind = { comment: HASH, spellings: "exact", sets: SHELL_SETS };
/** A key, or `NAME=value` in a list; `- NAME` hands it on to what may read it. */
const DATA: Kind = { comment: HASH, spellings: "exact", sets: [...SHELL_SETS, /^[\s-]*["']?\0["']?\s*[:=]/] };
const DOCKERFILE: Kind = {
  comment: HASH,
  spellings: "exact",
  sets: [...SHELL_SETS, /^\s*(?:ENV|ARG)\s+\0(?:[\s=]|$)/i],
};

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte|astro|go|java|kts?|rs|cs|php|swift|scala)$/, CODE],
  [/\.(?:pyi?|rb|rake|exs?|erb|ipynb)$|(?:^|\/)(?:Rakefile|Gemfile)$/, SCRIPT],
  [/\.(?:sh|bash|zsh|ksh|fish|bats|mk)$|(?:^|\/)(?:[Mm]akefile|[Jj]ustfile|\.envrc)$/, SHELL],
  [/(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.[Dd]ockerfile$/, DOCKERFILE],
  [/\.ya?ml(?:\.\w+)?$|(?:^|\/)Jenkinsfile$/, DATA],
];

const kindOf = (path: string): Kind | undefined => KINDS.find(([pattern]) => pattern.test(path))?.[1];

/** Whether a file of this name can read a variable. */
export const isSource = (path: string): boolean => kindOf(path) !== undefined;

export interface ReaderSearch {
  /** Takes the text of one file. Its characters outside ASCII may be wrong: names have none. */
  scan(path: string, text: string): void;
  /** Names that nothing was seen to read yet. */
  missing(): readonly string[];
  read(): ReadonlySet<string>;
  /** Prefixes that the sources put before names: `env_prefix="ACME_"`. */
  prefixes(): readonly string[];
}

export interface ReaderSearchOptions {
  readonly names: readonly string[];
  /** Taken off the names: `ACME_STRICT_MODE` may be read as `strict_mode`. */
  readonly prefixes?: readonly string[];
}

/**
 * Looks for names as whole words, and in the spellings that libraries make of them (`strict_mode`, `strictMode`). A word
 * in a line of comment, one that is only set, and one in another language's file do not count.
 */
export function createReaderSearch({ names, prefixes = [] }: ReaderSearchOptions): ReaderSearch {
  const wanted = new Map(names.map((name) => [name, needlesOf(name, prefixes)]));
  const read = new Set<string>();
  const found = new Set<string>();
  return {
    scan(path, text) {
      const kind = kindOf(path);
      if (kind === undefined) return;
      if (PREFIX_WORD.test(text)) for (const [, prefix] of text.matchAll(PREFIX)) found.add(prefix ?? "");
      for (const [name, { exact, others }] of wanted) {
        const all = kind.spellings === "all" ? [exact, ...others] : [exact];
        if (!all.some((needle) => reads(text, needle, kind))) continue;
        read.add(name);
        wanted.delete(name);
      }
    },
    missing: () => [...wanted.keys()],
    read: () => read,
    prefixes: () => [...found].filter((prefix) => prefix !== ""),
  };
}

/** pydantic, viper, envconfig, Dynaconf, environs and others. */
const PREFIX_WORD = /env_?prefix|envvar_prefix/i;
const PREFIX =
  /(?:env_?prefix|envvar_prefix(?:_for_dynaconf)?)\W{1,12}?["'`]([A-Za-z][A-Za-z\d_]{0,40})["'`]/gi;

function needlesOf(
  name: string,
  prefixes: readonly string[],
): { readonly exact: string; readonly others: readonly string[] } {
  const rests = prefixes.flatMap((prefix) => {
    const start = prefix.toUpperCase().replace(/_*$/, "_");
    return name.startsWith(start) && name.length > start.length ? [name.slice(start.length)] : [];
  });
  const others = [name, ...rests].flatMap((each) => spellingsOf(each));
  return { exact: name, others: [...rests, ...others] };
}

/** Of several words only: `debug` and `strict` are everywhere. */
function spellingsOf(name: string): readonly string[] {
  const words = name
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "");
  if (words.length < 2) return [];
  const camel = words
    .map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`))
    .join("");
  return [name.toLowerCase(), camel];
}

const isWordCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);

function reads(text: string, needle: string, { comment, sets }: Kind): boolean {
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
    const end = at + needle.length;
    // NaN at either end of the text, which is no word either.
    if (isWordCode(text.charCodeAt(at - 1)) || isWordCode(text.charCodeAt(end))) continue;
    const start = text.lastIndexOf("\n", at - 1) + 1;
    const stop = text.indexOf("\n", end);
    const before = text.slice(Math.max(start, at - 200), at);
    const after = text.slice(end, Math.min(stop === -1 ? text.length : stop, end + 40));
    const line = `${before}\0${after}`;
    if (!comment.test(before) && !sets.some((set) => set.test(line))) return true;
  }
  return false;
}
