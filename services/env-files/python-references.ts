import type { EnvReference } from "./env-file.ts";

/**
 * The pieces of a value as python-dotenv replaces them: `${NAME}` and `${NAME:-fallback}`, in quotes of either kind too,
 * and never `$NAME`. A fallback counts only where the name is not set at all.
 */
export function pythonReferences(text: string): (string | EnvReference)[] {
  if (!text.includes("${")) return [text];
  const parts: (string | EnvReference)[] = [];
  const nextBrace = searcher(text, "}");
  const nextColon = searcher(text, ":");
  let behind = 0;
  for (let at = text.indexOf("${"); at !== -1;) {
    const brace = nextBrace(at + 2);
    if (brace === -1) break;
    const colon = nextColon(at + 2);
    const withFallback = colon !== -1 && colon < brace;
    if (withFallback && text.charAt(colon + 1) !== "-") {
      at = text.indexOf("${", at + 2);
      continue;
    }
    const name = text.slice(at + 2, withFallback ? colon : brace);
    const fallback = withFallback
      ? ({ operator: "-", plain: true, fallback: text.slice(colon + 2, brace) } as const)
      : {};
    if (at > behind) parts.push(text.slice(behind, at));
    parts.push({ name, raw: text.slice(at, brace + 1), ...fallback });
    behind = brace + 1;
    at = text.indexOf("${", behind);
  }
  if (behind < text.length || parts.length === 0) parts.push(text.slice(behind));
  return parts;
}

/** `indexOf` for offsets that only grow, so that a long text is gone over once. */
function searcher(text: string, wanted: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found === -1 || found >= from) return found;
    found = text.indexOf(wanted, from);
    return found;
  };
}
