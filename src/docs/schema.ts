/** The configuration schema as JSON Schema for editors, and as a page for readers. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { isMapping } from "../config/draft.ts";
import { COMMAND_LINE_VARIABLES, HANDED_ON_VARIABLES } from "../config/from-variables.ts";
import { type KeyRow, readKeyTable } from "../config/keys.ts";
import { configSchema } from "../config/schema.ts";
import { requires } from "../config/schema-suites.ts";
import { jsonText } from "./json-text.ts";
import { renderMarkdownTable } from "./markdown-table.ts";
import { TEXT_LIST } from "../config/values.ts";

const INTERPOLATED = { type: "string", pattern: "\\$\\{" };

/** JSON Schema (draft 7) of `greenlight.yaml` as it is written, before variables are put in. */
export function generateConfigSchema(): object {
  const schema = toJsonSchema(configSchema, {
    typeMode: "input",
    errorMode: "ignore",
    ignoreActions: ["metadata"],
    definitions: { requires },
  });
  const { $schema, ...rest } = schema;
  const lists = readKeyTable().rows.filter(({ type }) => type === TEXT_LIST);
  const place = { path: "", lists: new Set(lists.map(({ path }) => path)) };
  return { $schema, title: "greenlight.yaml", ...admitVariables(rest, place) };
}

/** `docs/greenlight.schema.json`. */
export const generateConfigSchemaText = (): string => jsonText(generateConfigSchema());

interface Place {
  /** The key that the schema is of. */
  readonly path: string;
  /** The lists that a variable can set whole. */
  readonly lists: ReadonlySet<string>;
}

/** A key that is not any text may still be written as `${VARIABLE}`. */
function admitVariables(schema: object, place: Place): Record<string, unknown> {
  const entries = Object.entries(schema).filter(([key, value]) => !isEmptyPart(key, value));
  const within = { ...place, path: `${place.path}[]` };
  const visitPart = (key: string, value: unknown) => {
    // Keys of the file are taken as they are written.
    if (key === "propertyNames") return value;
    return key === "properties" ? visitKeys(value, place) : visit(value, key === "items" ? within : place);
  };
  const result = Object.fromEntries(entries.map(([key, value]) => [key, visitPart(key, value)]));
  const { description, default: fallback, ...rest } = result;
  const plain = ["boolean", "integer"].includes(String(rest.type)) || "enum" in rest || "pattern" in rest;
  const closed = plain || (rest.type === "array" && place.lists.has(place.path));
  if (!closed) return result;
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, INTERPOLATED],
  };
}

function visitKeys(properties: unknown, { path, lists }: Place): unknown {
  if (!isMapping(properties)) return properties;
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return [key, visit(value, { path: inner, lists })];
    }),
  );
}

function visit(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((each) => visit(each, place));
  return isMapping(value) ? admitVariables(value, place) : value;
}

function isEmptyPart(key: string, value: unknown): boolean {
  if (key !== "required" && key !== "default") return false;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const INTRODUCTION = `# Configuration

<!-- Generated from src/config/schema.ts by \`npm run docs\`. -->

Values come from the defaults, then from \`greenlight.yaml\`, then from environment variables; the later one
wins. The file is \`greenlight.yaml\` in the working folder, or the one that \`--config\` or \`GREENLIGHT_CONFIG\`
names. A dependency is checked when it has a URL. A variable set to empty text counts as unset; one that sets a list
separates its entries by commas.

In the file, \`\${NAME}\` is replaced by a variable and \`\${NAME:-default}\` has a default for when it is unset;
\`$\${\` stands for a literal \`\${\`. A password, a client's secret or a token in the file is refused. Durations carry their unit: \`500ms\`, \`30s\`,
\`2m\`, \`1h\`. Editors complete and check the file with [greenlight.schema.json](../greenlight.schema.json).

A variable is named after its key: \`GREENLIGHT_\` and the key in capitals, without \`dependencies\`. An unknown
\`GREENLIGHT_\` variable is refused, except ${COMMAND_LINE_VARIABLES.map((name) => `\`${name}\``).join(", ")},
which the command line reads, and ${HANDED_ON_VARIABLES.map((name) => `\`${name}\``).join(", ")}, which
\`greenlight run\` sets for its command.
`;

/** `docs/reference/configuration.md`. */
export function generateConfigReference(): string {
  const rows = readKeyTable().rows.filter(({ path }) => !path.startsWith(SHORT_FORM));
  const groups = Map.groupBy(rows, (row) => titleOf(row.path));
  const parts = [...groups].map(([title, section]) => {
    const note = Object.hasOwn(NOTES, title) ? `${NOTES[title]}\n\n` : "";
    return `## ${title}\n\n${note}${table(section)}\n`;
  });
  return [INTRODUCTION, ...parts].join("\n");
}

/** What is said of a section as a whole. */
const NOTES: Readonly<Record<string, string>> = {
  "`suites`": `A suite is a named set of tests and what it requires: \`database: [postgres, redis]\`, or a mapping that says more.
Unless one of that name is given, every group is a suite, its members required or optional as they are configured,
and \`all\` is everything that is configured. What is expected here of a dependency is expected of it for this suite
alone, on a connection of its own: \`assert\`, \`headers\` and \`json\` in addition to what the dependency itself
expects; \`table\`, \`migration\`, \`key\`, \`status\` and \`banner\` in place of it. A dependency has those that its
kind has.`,
};

/** What a mapping in the short form of a suite may say is said of the long form. */
const SHORT_FORM = "suites.{name}[].";

function titleOf(path: string): string {
  const [first = "", second = ""] = path.split(".");
  if (first === "dependencies") return `\`dependencies.${second}\``;
  if (first.startsWith("policies") || first === "strict") return "`strict` and `policies`";
  if (first === "suites") return "`suites`";
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
  return renderMarkdownTable(head, cells);
}
