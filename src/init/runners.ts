/** The test runners of a project, and how each is run so that it leaves JUnit XML behind. */
import { isMapping } from "../config/draft.ts";
import type { Folder } from "./folder.ts";

export type Language = "python" | "node" | "go" | "java";

export interface Runner {
  readonly name: "pytest" | "vitest" | "jest" | "playwright" | "go test" | "maven";
  readonly language: Language;
  /** The file that shows it. */
  readonly where: string;
  readonly command: string;
  /** Pattern of its reports. */
  readonly junit: string;
  /** Variables that it reads. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is to be done once, because nothing in the folder does it. */
  readonly needs?: string;
}

const REPORT = "reports/junit.xml";

/** Those that the folder shows; the first is taken. */
export function findRunners(folder: Folder): Runner[] {
  return [
    pytest(folder),
    vitest(folder),
    jest(folder),
    playwright(folder),
    goTest(folder),
    maven(folder),
  ].filter((runner) => runner !== undefined);
}

const PYTEST_MARKS: readonly (readonly [file: string, mark: RegExp])[] = [
  ["pytest.toml", /^/],
  [".pytest.toml", /^/],
  ["pytest.ini", /^/],
  [".pytest.ini", /^/],
  ["conftest.py", /^/],
  ["tests/conftest.py", /^/],
  ["test/conftest.py", /^/],
  ["pyproject.toml", /^\s*\[tool\.pytest|["']pytest\b|^\s*pytest\s*=/m],
  ["tox.ini", /^\[pytest\]/m],
  ["setup.cfg", /^\[tool:pytest\]/m],
  ["requirements.txt", /^pytest\b/m],
  ["requirements-dev.txt", /^pytest\b/m],
  ["requirements-test.txt", /^pytest\b/m],
];

function pytest(folder: Folder): Runner | undefined {
  const where = PYTEST_MARKS.find(
    ([file, mark]) => folder.has(file) && mark.test(folder.get(file) ?? ""),
  )?.[0];
  if (where === undefined) return undefined;
  const through = folder.has("uv.lock") ? "uv run " : folder.has("poetry.lock") ? "poetry run " : "";
  return {
    name: "pytest",
    language: "python",
    where,
    command: `${through}pytest --junit-xml=${REPORT}`,
    junit: REPORT,
  };
}

function vitest(folder: Folder): Runner | undefined {
  const where = fileOf(folder, "vitest", "vitest");
  return where === undefined
    ? undefined
    : {
        name: "vitest",
        language: "node",
        where,
        command: `npx vitest run --reporter=default --reporter=junit --outputFile.junit=${REPORT}`,
        junit: REPORT,
      };
}

function jest(folder: Folder): Runner | undefined {
  const where = fileOf(folder, "jest", "jest");
  if (where === undefined) return undefined;
  const needs = "Add Jest's reporter for JUnit XML: npm install --save-dev jest-junit";
  return {
    name: "jest",
    language: "node",
    where,
    command: "npx jest --ci --reporters=default --reporters=jest-junit",
    junit: REPORT,
    env: { JEST_JUNIT_OUTPUT_FILE: REPORT },
    ...(packagesOf(folder).has("jest-junit") ? {} : { needs }),
  };
}

function playwright(folder: Folder): Runner | undefined {
  const where = fileOf(folder, "playwright", "@playwright/test");
  return where === undefined
    ? undefined
    : {
        name: "playwright",
        language: "node",
        where,
        command: "npx playwright test --reporter=line,junit",
        junit: REPORT,
        env: { PLAYWRIGHT_JUNIT_OUTPUT_NAME: REPORT },
      };
}

function goTest(folder: Folder): Runner | undefined {
  if (!folder.has("go.mod")) return undefined;
  const command = `gotestsum --junitfile ${REPORT} ./...`;
  return { name: "go test", language: "go", where: "go.mod", command, junit: REPORT };
}

function maven(folder: Folder): Runner | undefined {
  if (!folder.has("pom.xml")) return undefined;
  const junit = "**/target/*-reports/TEST-*.xml";
  return { name: "maven", language: "java", where: "pom.xml", command: "mvn --batch-mode verify", junit };
}

/** Its configuration file, or package.json when that names it. */
function fileOf(folder: Folder, tool: string, packageName: string): string | undefined {
  const file = [...folder.keys()].find((name) => name.startsWith(`${tool}.config.`));
  return file ?? (packagesOf(folder).has(packageName) ? "package.json" : undefined);
}

function packagesOf(folder: Folder): ReadonlySet<string> {
  try {
    const parsed: unknown = JSON.parse(folder.get("package.json") ?? "{}");
    if (!isMapping(parsed)) return new Set();
    const lists = [parsed.dependencies, parsed.devDependencies];
    return new Set(lists.flatMap((list) => (isMapping(list) ? Object.keys(list) : [])));
  } catch {
    return new Set();
  }
}
