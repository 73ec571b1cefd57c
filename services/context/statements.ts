import type { ContextInputs, Declaration, Evidence } from "./evidence.ts";
import type { Weights } from "./kinds.ts";
import type { ReadName } from "./labels.ts";

/** Names of environments are shown; whatever else a server keeps in its place is not. */
const PLAIN_NAME = /^[A-Za-z\d][\w.-]{0,39}$/;
/** Of what is no known name: words, and no more digits than number them. A token has more. */
const WORDS = /^[A-Za-z][A-Za-z._-]{0,29}\d{0,3}$/;

/** What was said outright: by the flag, by the servers themselves, by the configuration. */
export function statementsIn(
  { flag, declared, named }: ContextInputs,
  weights: Weights,
  readName: ReadName,
): Evidence[] {
  return [
    ...(flag === undefined ? [] : [told("flag", "--env", flag)]),
    ...declared.map(declaration),
    ...(named === undefined ? [] : [told("variable", named.source, named.name)]),
  ];

  function told(tier: "flag" | "declared" | "variable", source: string, name: string): Evidence {
    const { says, production } = readName(name);
    const pattern = says === undefined ? WORDS : PLAIN_NAME;
    const shown = pattern.test(name.trim()) ? `\`${name.trim()}\`` : `a text of ${name.length} characters`;
    const weight = weights[tier];
    if (says !== undefined) return { tier, source, says, production, detail: shown, weight };
    const detail = `${shown} is the name of no environment that is known`;
    return { tier, source, production, detail, weight, trouble: "not understood" };
  }

  function declaration(given: Declaration): Evidence {
    const { dependency: source, kind } = given;
    if (kind === "told") return told("declared", source, given.text);
    const { message: detail } = given;
    return { tier: "declared", source, production: false, detail, weight: weights.declared, trouble: kind };
  }
}
