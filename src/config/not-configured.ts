import type { Problem } from "./input.ts";
import { describeFound } from "./redact.ts";
import { nearest } from "./suggest.ts";
import { URL_VARIABLES } from "./variables.ts";

const KINDS = Object.keys(URL_VARIABLES);

/** What is wrong with the name of a dependency that is not among those that are `present`. */
export function notConfigured(
  name: string,
  { present, hidden }: { readonly present: readonly string[]; readonly hidden: boolean },
): Problem {
  const known = KINDS.includes(name);
  const close = known ? undefined : nearest(name, [...KINDS, ...present]);
  return {
    expected: `a configured dependency (${present.join(", ") || "there is none"})`,
    found: known ? `\`${name}\`, which has no URL` : describeFound(name, hidden),
    ...(close && { suggestion: `did you mean \`${close}\`?` }),
  };
}
