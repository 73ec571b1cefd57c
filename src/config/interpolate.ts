import type { Environment } from "./config.ts";

/** `$${` stays `${`; `${NAME}` and `${NAME:-default}` are replaced; any other `${` is malformed. */
const PATTERN = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

export type InterpolationProblem =
  | { readonly kind: "malformed" }
  | { readonly kind: "missing"; readonly name: string; readonly empty: boolean };

export interface Interpolation {
  readonly text: string;
  readonly problems: readonly InterpolationProblem[];
  /** The variables that went into the text. */
  readonly names: readonly string[];
}

/** Replaces variables in one text of the file; what they hold is never interpolated again. */
export function interpolate(source: string, env: Environment): Interpolation {
  const problems: InterpolationProblem[] = [];
  const names: string[] = [];
  const text = source.replaceAll(PATTERN, (match: string, name?: string, fallback?: string) => {
    if (match === "$${") return "${";
    if (name === undefined) {
      problems.push({ kind: "malformed" });
      return "";
    }
    names.push(name);
    const value = readVariable(env, name);
    if (value !== undefined) return value;
    if (fallback === undefined) problems.push({ kind: "missing", name, empty: env[name] === "" });
    return fallback ?? "";
  });
  return { text, problems, names };
}

/** What of a text stands in the file itself: its defaults, and nothing of its variables. */
export function literalPart(source: string): string {
  return source.replaceAll(PATTERN, (match: string, _name?: string, fallback?: string) =>
    match === "$${" ? "${" : (fallback ?? ""),
  );
}

/** A text that interpolates to `literal`. */
export function escapeInterpolation(literal: string): string {
  return literal.split("${").join("$${");
}

/** The value of a variable; one that is empty counts as unset. */
export function readVariable(env: Environment, name: string): string | undefined {
  if (!Object.hasOwn(env, name)) return undefined;
  return env[name] || undefined;
}
