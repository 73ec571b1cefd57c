import type { Evidence } from "./evidence.ts";
import type { ContextRules } from "./kinds.ts";
import type { ReadName, Reading } from "./labels.ts";

/** Variables in which applications are customarily told where they are, and how much of the tier's weight they have. */
const CUSTOMARY: Readonly<Record<string, number>> = {
  APP_ENV: 1,
  ENVIRONMENT: 1,
  APP_ENVIRONMENT: 1,
  DEPLOY_ENV: 1,
  DEPLOYMENT_ENVIRONMENT: 1,
  ASPNETCORE_ENVIRONMENT: 1,
  DOTNET_ENVIRONMENT: 1,
  SPRING_PROFILES_ACTIVE: 1,
  RAILS_ENV: 1,
  RACK_ENV: 1,
  DJANGO_ENV: 1,
  FLASK_ENV: 1,
  SENTRY_ENVIRONMENT: 1,
  DD_ENV: 1,
  STAGE: 1,
  ENV: 1,
  NODE_ENV: 0.5,
};

/** `ENV` names a file of commands to many shells. */
const NAME = /^[A-Za-z\d][\w.,-]{0,63}$/;

/** What the customary variables say. Their values are never shown, only the labels in them that are known. */
export function customaryIn(
  variables: Readonly<Record<string, string | undefined>>,
  { weights }: Pick<ContextRules, "weights">,
  readName: ReadName,
): Evidence[] {
  return Object.entries(CUSTOMARY).flatMap(([source, share]) => {
    const value = valueOf(variables, source);
    if (value === undefined) return [];
    const reading = NAME.test(value) ? readName(value) : NOTHING;
    return evidenceOf(source, reading, weights.customary * share);
  });
}

const NOTHING: Reading = { production: false, labels: [] };

function evidenceOf(source: string, { says, production, labels }: Reading, weight: number): Evidence {
  const detail = describeLabels(labels);
  const evidence = { tier: "customary", source, production, detail, weight } as const;
  if (says === undefined) return evidence;
  const isMode = source === "NODE_ENV" && (says === "production" || says === "development");
  return isMode
    ? { ...evidence, says, detail: `${detail}, a mode of building`, mode: true }
    : { ...evidence, says };
}

/** The value of a variable, one that is empty counting as none. */
export function valueOf(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  if (!Object.hasOwn(variables, name)) return undefined;
  return variables[name]?.trim() || undefined;
}

/** Which labels were found, for people. */
export const describeLabels = (labels: readonly string[]): string =>
  labels.length === 0
    ? "names no environment"
    : `label ${labels.map((label) => `\`${label}\``).join(" and ")}`;
