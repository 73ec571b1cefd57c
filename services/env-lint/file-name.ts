/** Endings and beginnings that say: copy me and fill me in. */
const TEMPLATE = /(?:^|[._-])(?:example|examples|sample|template|tpl|tmpl|dist|defaults)(?:[._-]|$)/i;

/** Labels in names of files, whole ones, and the environment they mean. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  prod: "production",
  production: "production",
  prd: "production",
  staging: "staging",
  stage: "staging",
  stg: "staging",
  preprod: "staging",
  uat: "staging",
  qa: "test",
  test: "test",
  testing: "test",
  e2e: "test",
  ci: "ci",
  dev: "development",
  development: "development",
  preview: "preview",
  sandbox: "sandbox",
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** `.env.example`, `staging.env.template`: a file to be copied, whose values are not meant to be used. */
export const isTemplate = (path: string): boolean => TEMPLATE.test(nameOf(path));

/** `.env.staging` → `staging`; nothing for `.env`, `.env.local` and a name with two different environments. */
export function environmentOfFile(path: string): string | undefined {
  const labels = nameOf(path)
    .toLowerCase()
    .split(/[._-]+/);
  const found = new Set(
    labels.flatMap((label) => (Object.hasOwn(ENVIRONMENTS, label) ? (ENVIRONMENTS[label] ?? []) : [])),
  );
  return found.size === 1 ? [...found][0] : undefined;
}
