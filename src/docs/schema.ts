/** The configuration schema as JSON Schema for editors, and as a page for readers. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { COMMAND_LINE_VARIABLES } from "../config/from-variables.ts";
import { type KeyRow, readKeyTable } from "../config/keys.ts";
import { configSchema } from "../config/schema.ts";
import { TEXT_LIST } from "../config/values.ts";

/** Marks lists that a variable can set whole; taken out again. */
const SETTABLE = "x-settable";

function isTextList(action: object): boolean {
  if (!("metadata" in action)) return false;
  const { metadata } = action;
  return (
    typeof metadata === "object" && metadata !== null && "type" in metadata && metadata.type === TEXT_LIST
  );
}

const INTERPOLATED = { type: "string", pattern: "\\$\\{" };

/** JSON Schema (draft 7) of `greenlight.yaml` as it is written, before variables are put in. */
export function generateConfigSchema(): object {
  const schema = toJsonSchema(configSchema, {
    typeMode: "input",
    errorMode: "ignore",
    ignoreActions: ["metadata"],
    overrideAction: ({ valibotAction, jsonSchema }) =>
      isTextList(valibotAction) ? { ...jsonSchema, [SETTABLE]: true } : undefined,
  });
  const { $schema, ...rest } = schema;
  return { $schema, title: "greenlight.yaml", ...admitVariables(rest) };
}

/** `docs/greenlight.schema.json`, laid out as the formatter leaves it. */
export function generateConfigSchemaText(): string {
  const text = JSON.stringify(generateConfigSchema(), null, 2);
  return `${text.replaceAll(/\[[^[\]{}]*\]/g, (list) => {
    const line = list.replaceAll(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]");
    return line.length <= 80 ? line : list;
  })}\n`;
}

/** A key that is not any text may still be written as `${VARIABLE}`. */
function admitVariables(schema: object): Record<string, unknown> {
  const entries = Object.entries(schema).filter(([key, value]) => !isEmptyPart(key, value));
  const result = Object.fromEntries(entries.map(([key, value]) => [key, visit(value)]));
  const { description, default: fallback, [SETTABLE]: settable, ...rest } = result;
  const plain = ["boolean", "integer"].includes(String(rest.type)) || "enum" in rest || "pattern" in rest;
  const closed = plain || settable === true;
  if (!closed) return result;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, INTERPOLATED],
  };
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  return typeof value === "object" && value !== null ? admitVariables(value) : value;
}

function isEmptyPart(key: string, value: unknown): boolean {
  if (key !== "required" && key !== "default") return false;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const INTRODUCTION = `# Configuration

<!-- Generated from src/config/schema.ts by \`npm run docs\`. -->

Values come from the defaults, then from \`greenlight.yaml\`, then from environment variables; the later one
wins. The file is \`greenlight.yaml\` in the working folder, or the one that \`--config\` or \`GREENLIGHT_CONFIG\`
names. A dependency is checked when it has a URL. A variable set to empty text counts as unset.

In the file, \`\${NAME}\` is replaced by a variable and \`\${NAME:-default}\` has a default for when it is unset;
\`$\${\` stands for a literal \`\${\`. A password in the file is refused. Durations carry their unit: \`500ms\`, \`30s\`,
\`2m\`, \`1h\`. Editors complete and check the file with [greenlight.schema.json](../greenlight.schema.json).

A variable is named after its key: \`GREENLIGHT_\` and the key in capitals, without \`dependencies\`. An unknown
\`GREENLIGHT_\` variable is refused, except ${COMMAND_LINE_VARIABLES.map((name) => `\`${name}\``).join(", ")},
which the command line reads.
`;

/** `docs/reference/configuration.md`. */
export function generateConfigReference(): string {
  const groups = Map.groupBy(readKeyTable().rows, (row) => titleOf(row.path));
  const parts = [...groups].map(([title, rows]) => `## ${title}\n\n${table(rows)}\n`);
  return [INTRODUCTION, ...parts].join("\n");
}

function titleOf(path: string): string {
  const [first = "", second = ""] = path.split(".");
  if (first === "dependencies") return `\`dependencies.${second}\``;
  if (first.startsWith("policies") || first === "strict") return "`strict` and `policies`";
  return first === "probe" || first === "access" ? `\`${first}\`` : "The service";
}

function table(rows: readonly KeyRow[]): string {
  const head = ["key", "type", "default", "variable", "meaning"];
  const cells = rows.map((row) => [
    `\`${row.path.replace(/^dependencies\.\w+(?:\[\])?\./, "")}\``,
    row.options ? row.options.map((option) => `\`${option}\``).join(" ") : row.type,
    row.default === undefined ? (row.fallback ?? "none") : `\`${row.default}\``,
    row.variable ? `\`${row.variable}\`` : "none",
    row.meaning,
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0), title.length),
  );
  const pad = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const rule = widths.map((width) => "-".repeat(width));
  return [pad(head), rule, ...cells.map(pad)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
