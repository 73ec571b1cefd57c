import { flagOf, STRICT_FLAG_NAMES } from "../../services/policy/flags.ts";
import { renderMarkdownTable } from "./markdown-table.ts";

const INTRODUCTION = `# Strict flags

<!-- Generated from services/policy/flags.ts by \`npm run docs\`. -->

Variables that suites of this kind are configured with already. Greenlight honours them as other words for its own keys; the
stricter of a flag and the file always holds, and that the two differ is the finding
[FLAG_CONTRADICTS](../findings.md#flag_contradicts).
`;

const REST = `
\`true\`, \`1\`, \`yes\` and \`on\` set a flag, \`false\`, \`0\`, \`no\` and \`off\` do not, in any case; an empty variable says
nothing. Anything else is taken as true and is the finding [FLAG_NOT_BOOLEAN](../findings.md#flag_not_boolean). A flag that is
set and has nothing to act on is [FLAG_WITHOUT_EFFECT](../findings.md#flag_without_effect).

Any variable whose name begins with \`BYPASS_\` or \`SKIP_\` and that is not said to be false, such as
\`BYPASS_STARTUP_VALIDATION\` or \`SKIP_DOCKER_HEALTH_CHECKS\`, turns a check off: it is the finding
[FLAG_BYPASS](../findings.md#flag_bypass) until a waiver accepts it for a time.

A command that asks a service (\`--url\`) reads \`ENABLE_STRICT_VALIDATION\` as \`--strict-validation\`; all other flags hold where
the service runs.
`;

/** `docs/reference/flags.md`: what each known flag does. */
export function generateFlags(): string {
  const rows = STRICT_FLAG_NAMES.map((name) => {
    const { meaning, key } = flagOf(name);
    return [`\`${name}\``, meaning, `\`${key}\``];
  });
  return `${INTRODUCTION}\n${renderMarkdownTable(["variable", "what it does", "in the file"], rows)}\n${REST}`;
}
