import type { ContextInputs, Evidence, UrlName } from "./evidence.ts";
import { telling } from "./host.ts";
import type { ContextRules, Hint } from "./kinds.ts";
import type { ReadName, Reading } from "./labels.ts";
import { describeLabels, valueOf } from "./variables.ts";

const PROJECT_VARIABLES = ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "GCP_PROJECT", "CLOUDSDK_CORE_PROJECT"];

/** What the ids of projects say: those that are configured whole, others by their labels. */
export function projectsIn(
  { variables, urls }: Pick<ContextInputs, "variables" | "urls">,
  rules: ContextRules,
  readName: ReadName,
): Evidence[] {
  const ofVariables = PROJECT_VARIABLES.flatMap((source) => {
    const id = valueOf(variables, source);
    return id === undefined ? [] : [{ source, id }];
  });
  const ofUrls = urls.flatMap(({ dependency, part, text }) => {
    const id = part === "host" ? projectOf(text) : undefined;
    return id === undefined ? [] : [{ source: `${dependency}.project`, id }];
  });
  return [...ofVariables, ...ofUrls].map(({ source, id }) => {
    const known = Object.hasOwn(rules.projects, id) ? rules.projects[id] : undefined;
    const reading: Reading =
      known === undefined ? readName(id) : { says: known, production: known === "production", labels: [] };
    const detail = known === undefined ? describeLabels(reading.labels) : "listed in `context.projects`";
    return toEvidence({ tier: "project", source, detail, weight: rules.weights.project }, reading);
  });
}

/** The project in the name of a Cloud SQL socket, or of a machine of Compute Engine. */
function projectOf(host: string): string | undefined {
  return (
    /^\/cloudsql\/(?:[\w.-]+:)?([a-z][a-z\d-]+):[\w-]+:[\w-]+$/.exec(host)?.[1] ??
    /\.c\.([a-z][a-z\d-]+)\.internal\.?$/i.exec(host)?.[1]?.toLowerCase()
  );
}

/** What the configured URLs say by their hosts and databases. */
export function urlsIn(
  urls: readonly UrlName[],
  { weights }: Pick<ContextRules, "weights">,
  readName: ReadName,
): Evidence[] {
  const isLabel = (label: string): boolean => readName(label).labels.length > 0;
  return urls.map(({ dependency, part, text }) => {
    const reading = readName(part === "host" ? withoutProject(telling(text, isLabel)) : text);
    const detail = `${text}: ${describeLabels(reading.labels)}`;
    return toEvidence({ tier: "url", source: `${dependency}.${part}`, detail, weight: weights.url }, reading);
  });
}

/** The project speaks for itself. */
const withoutProject = (name: string): string => name.replace(/^(?:[\w.-]+:)?[^:]+:([\w-]+:[\w-]+)$/, "$1");

const toEvidence = (
  base: { readonly tier: Hint; readonly source: string; readonly detail: string; readonly weight: number },
  { says, production }: Reading,
): Evidence => ({ ...base, ...(says === undefined ? {} : { says }), production });
