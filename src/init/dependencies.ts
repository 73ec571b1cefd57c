/** What there is to observe: from variables, env files and Compose services, one of each kind. */
import type { Environment } from "../config/config.ts";
import { type SingleKind, URL_VARIABLES } from "../config/variables.ts";
import { type ComposeService, servicesIn } from "./compose.ts";
import { type EnvName, meaningOf, namesOfEnvFile, namesOfProcess } from "./env-names.ts";
import { COMPOSE_FILES, ENV_FILES, type Folder } from "./folder.ts";

export interface FoundDependency {
  readonly kind: SingleKind;
  /** That holds its URL, or is to. */
  readonly variable: string;
  /** Whether the variable is set here. */
  readonly isSet: boolean;
  /** The first env file that sets it. */
  readonly envFile?: string;
  /** Where it showed, for people. */
  readonly places: readonly string[];
  /** Where a Compose service publishes it. */
  readonly port?: number;
}

export interface FoundDependencies {
  readonly dependencies: readonly FoundDependency[];
  readonly compose?: { readonly file: string; readonly services: readonly string[] };
  /** What was seen and could not be used. */
  readonly notes: readonly string[];
}

interface Seen extends EnvName {
  readonly kind: SingleKind;
  readonly isUrl: boolean;
}

/** Never reads more of a value than its scheme. */
export async function findDependencies(env: Environment, folder: Folder): Promise<FoundDependencies> {
  const notes: string[] = [];
  const names = [
    ...namesOfProcess(env),
    ...ENV_FILES.flatMap((file) => namesOfEnvFile(folder.get(file) ?? "", file)),
  ];
  const seen = names.flatMap((each): Seen[] => {
    const meaning = meaningOf(each);
    if (meaning?.is === "foreign") notes.push(foreign(each, meaning));
    if (meaning === undefined || meaning.is === "foreign") return [];
    return [{ ...each, kind: meaning.kind, isUrl: meaning.is === "url" }];
  });
  const file = COMPOSE_FILES.find((name) => folder.has(name));
  const services = file === undefined ? [] : await servicesIn(folder.get(file) ?? "");
  if (services === undefined) notes.push(`${file} could not be read as a Compose file.`);
  const kinds = Object.keys(URL_VARIABLES) as SingleKind[];
  const dependencies = kinds.flatMap((kind) => {
    const own = (services ?? []).filter((service) => service.kind === kind);
    return combine(
      kind,
      seen.filter((each) => each.kind === kind),
      { services: own, file },
      notes,
    );
  });
  const started = (services ?? []).map(({ name }) => name);
  return {
    dependencies,
    notes,
    ...(file !== undefined && started.length > 0 && { compose: { file, services: started } }),
  };
}

function combine(
  kind: SingleKind,
  seen: readonly Seen[],
  compose: { services: readonly ComposeService[]; file: string | undefined },
  notes: string[],
): FoundDependency[] {
  if (seen.length === 0 && compose.services.length === 0) return [];
  const urls = [...new Set(seen.filter(({ isUrl }) => isUrl).map(({ name }) => name))];
  const customary = URL_VARIABLES[kind];
  const variable = urls.includes(customary) ? customary : (urls[0] ?? customary);
  for (const other of urls.filter((name) => name !== variable)) {
    notes.push(
      `${other} looks like another ${kind}; one of each kind is observed, here that of ${variable}.`,
    );
  }
  const own = seen.filter(({ name }) => name === variable);
  const places = [
    ...(urls.length > 0 ? own : seen).map(({ name, where = "set here" }) =>
      name === variable ? where : `${name}, ${where}`,
    ),
    ...compose.services.map(({ name, image }) => `${compose.file}, service ${name} (${image})`),
  ];
  const envFile = own.find(({ where }) => where !== undefined)?.where?.replace(/:\d+$/, "");
  const port = compose.services.find((service) => service.port !== undefined)?.port;
  return [
    {
      kind,
      variable,
      isSet: own.some(({ where }) => where === undefined),
      ...(envFile !== undefined && { envFile }),
      places,
      ...(port !== undefined && { port }),
    },
  ];
}

function foreign({ name, where }: EnvName, { kind, scheme }: { kind: SingleKind; scheme: string }): string {
  const place = where === undefined ? "as it is set" : `in ${where}`;
  return `${name} ${place} begins with ${scheme}://, which is no URL of ${kind} that Greenlight reads.`;
}
