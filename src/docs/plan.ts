/** The format of plans as JSON Schema for editors, and as a page for readers. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { CATALOGUE } from "../../services/remediation/plan-catalogue.ts";
import { planSchema } from "../../services/remediation/plan-schema.ts";
import { isMapping } from "../config/draft.ts";
import { spanText } from "../views/span-text.ts";
import { jsonText } from "./json-text.ts";
import { renderMarkdownTable } from "./markdown-table.ts";

/** What is checked and JSON Schema has no word for is left to `greenlight plan lint`. */
function schema(): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = toJsonSchema(planSchema, { typeMode: "input", errorMode: "ignore" });
  return { $schema, title: "A plan of Greenlight", ...rest };
}

/** `docs/plan.schema.json`: JSON Schema (draft 7) of a plan as it is written. */
export const generatePlanSchema = (): string => jsonText(schema());

const INTRODUCTION = `# Plans

<!-- Generated from services/remediation/plan-schema.ts by \`npm run docs\`. -->

What a plan in YAML or JSON says; [the guide](../guides/plan.md) tells how to write one, and
[database-remediation.yaml](../../examples/plans/database-remediation.yaml) is a complete one. Durations carry their unit:
\`90s\`, \`5m\`, \`1h\`. Editors complete and check a plan with [plan.schema.json](../plan.schema.json).
`;

const ACTIONS = `## Actions

What \`action.kind\` may be. The estimate, the risk and the way back are those of the plans that \`greenlight plan\` makes; a
plan that is written by hand says its own. \`greenlight plan lint\` tells of parameters that an action does not take.
`;

/** What each action takes; optional ones with a question mark. */
const PARAMS: Readonly<Record<keyof typeof CATALOGUE, string>> = {
  "enable-api": "`project` `api`",
  "create-connector":
    "`project` `region` `name` `network`, `range` or `subnet`, `minInstances?` `maxInstances?` `machineType?`",
  "attach-egress": "`project` `region` `service`, `connector` or `network` and `subnet`, `egress`",
  "add-iam-binding": "`resource` `role` `member`",
  "start-sql-instance": "`project` `instance`",
  "set-variable":
    "`project` `region` `service` `name` `value?` (without it the variable is removed) `container?`",
  "register-markers": "`folder`",
  "fix-awaits": "`folder`",
  "reset-breaker": "`dependency`",
  "end-idle-sessions": "`dependency` `olderThanMs` `limit`",
  manual: "`instructions`",
};

/** `docs/reference/plan.md`. */
export function generatePlanReference(): string {
  const rows = Object.entries(CATALOGUE).map(([kind, { estimateMs, risk, destructive, rollback }]) => [
    `\`${kind}\``,
    PARAMS[kind as keyof typeof CATALOGUE],
    spanText(estimateMs),
    destructive ? `${risk}, destructive` : risk,
    rollback.kind,
  ]);
  const head = ["kind", "params", "estimate", "risk", "rollback"];
  const plan = schema();
  return [
    INTRODUCTION,
    section("The plan", plan),
    section("A step: `steps[]`", at(plan, "steps", "items")),
    section("What it does: `action`, `change`", at(plan, "steps", "items"), ["action", "change"]),
    ...variants("How it is checked: `verify[]`", at(plan, "steps", "items", "verify", "items")),
    ...variants("How it is undone: `rollback`", at(plan, "steps", "items", "rollback")),
    `${ACTIONS}\n${renderMarkdownTable(head, rows)}\n`,
  ].join("\n");
}

type Part = Readonly<Record<string, unknown>>;

/** Follows names of properties, and `items`. */
function at(part: Part, ...names: readonly string[]): Part {
  return names.reduce<Part>(
    (inner, name) => mapping(name === "items" ? inner.items : propertiesOf(inner)[name]),
    part,
  );
}

const mapping = (value: unknown): Part => (isMapping(value) ? value : {});

const propertiesOf = (part: Part): Part => mapping(part.properties);

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** One table of the keys of a mapping, or of the mappings in it that are named. */
function section(title: string, part: Part, inside?: readonly string[]): string {
  const rows =
    inside === undefined
      ? rowsOf(part, "")
      : inside.flatMap((name) => rowsOf(mapping(propertiesOf(part)[name]), `${name}.`));
  return `## ${title}\n\n${renderMarkdownTable(["key", "type", "", "meaning"], rows)}\n`;
}

/** One table for each shape. */
function variants(title: string, part: Part): string[] {
  const shapes = Array.isArray(part.anyOf) ? part.anyOf : Array.isArray(part.oneOf) ? part.oneOf : [];
  const tables = shapes.map(mapping).map((shape) => {
    const kind = mapping(propertiesOf(shape).kind).const;
    const rows = rowsOf(shape, "").filter(([key]) => key !== "`kind`");
    const heading = `### \`${textOf(kind)}\`\n`;
    return rows.length === 0
      ? `${heading}\nNothing more to say.\n`
      : `${heading}\n${renderMarkdownTable(["key", "type", "", "meaning"], rows)}\n`;
  });
  return [`## ${title}\n\nEach says its \`kind\`.\n`, ...tables];
}

function rowsOf(part: Part, prefix: string): string[][] {
  const required = Array.isArray(part.required) ? part.required : [];
  return Object.entries(propertiesOf(part)).map(([key, value]) => {
    const own = mapping(value);
    return [
      `\`${prefix}${key}\``,
      typeOf(key, own),
      required.includes(key) ? "required" : "",
      textOf(own.description).replaceAll("|", String.raw`\|`),
    ];
  });
}

function typeOf(key: string, part: Part): string {
  if (Array.isArray(part.enum)) return part.enum.map((each) => `\`${textOf(each)}\``).join(" ");
  if (part.const !== undefined) return `\`${textOf(part.const)}\``;
  if (["estimate", "deadline", "within"].includes(key)) return "duration";
  if (part.type === "string") return "text";
  if (part.type === "array") return mapping(part.items).type === "string" ? "list of text" : "list";
  if (part.type === "integer" || part.type === "number" || part.type === "boolean") return part.type;
  return part.type === "object" || part.anyOf !== undefined || part.oneOf !== undefined || key === "params"
    ? "mapping"
    : "any JSON";
}
