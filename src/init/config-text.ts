import { DATABASES, type SingleKind } from "../config/variables.ts";
import type { FoundDependency } from "./dependencies.ts";

const databases: readonly string[] = DATABASES;

/** `greenlight.yaml` for what was found. It refers to variables and holds no value of any. */
export function configText(dependencies: readonly FoundDependency[]): string {
  const parts = [HEAD, dependencies.length === 0 ? NOTHING : dependenciesText(dependencies)];
  const suites = suitesText(dependencies.map(({ kind }) => kind));
  return [...parts, ...(suites === "" ? [] : [suites])].join("\n");
}

const HEAD = `# What the tests need, for Greenlight. All keys: docs/reference/configuration.md of Greenlight
# Check this file with: greenlight config check. See how it all is with: greenlight check

environment: \${ENVIRONMENT:-test}
`;

const NOTHING = `# Nothing was recognised in this folder. Name what the tests need, for example:
#
# dependencies:
#   postgres:
#     url: \${DATABASE_URL}
#   redis:
#     url: \${REDIS_URL}
#     required: false
#   http:
#     - name: api
#       url: http://localhost:3000/health
#
# suites:
#   e2e: [postgres, api]
`;

const HINTS: Readonly<Record<SingleKind, readonly string[]>> = {
  postgres: [
    "# Tests fail in odd ways on a database that lacks the newest migration, or the seed data; expect them:",
    '# migration: { table: schema_migrations, column: version, version: "42" }',
    '# assert: [{ query: "select count(*) > 0 from users", equals: true }]',
  ],
  clickhouse: ["# A table that must exist and be readable:", "# table: events"],
  redis: ["# A key that must exist:", '# key: "seed:done"'],
  auth: [
    "# A test client, with which a token is issued and verified:",
    "# clientId: tests",
    "# clientSecret: ${AUTH_CLIENT_SECRET}",
  ],
  websocket: ["# The subprotocol that the server must choose:", "# subprotocol: chat.v1"],
};

function dependenciesText(dependencies: readonly FoundDependency[]): string {
  const sections = dependencies.map(({ kind, variable }) =>
    [`  ${kind}:`, `    url: \${${variable}}`, ...HINTS[kind].map((line) => `    ${line}`), ""].join("\n"),
  );
  return `dependencies:\n${sections.join("\n")}`;
}

/** `all`, everything that is configured, is a suite without being named. */
function suitesText(kinds: readonly SingleKind[]): string {
  const stores = kinds.filter((kind) => databases.includes(kind));
  const lines = [
    ...(stores.length > 0 ? [`  database: [${stores.join(", ")}]`] : []),
    ...(kinds.length > stores.length ? [`  e2e: [${kinds.join(", ")}]`] : []),
  ];
  if (lines.length === 0) return "";
  return `# What each set of tests requires: greenlight run --suite NAME -- COMMAND\nsuites:\n${lines.join("\n")}\n`;
}
