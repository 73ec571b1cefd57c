/** context: gathers what tells which environment this is: variables, addresses, names of files, words of servers. */
import { readFile, readdir } from "node:fs/promises";
import type { Declared } from "../../services/context/ask.ts";
import type { ContextInputs, Declaration } from "../../services/context/evidence.ts";
import type { Config, Environment } from "../config/config.ts";
import { readVariable } from "../config/interpolate.ts";
import { namesInUrls } from "./url-names.ts";

export interface GatherInput {
  readonly config: Pick<Config, "environment" | "context" | "dependencies">;
  readonly env: Environment;
  /** The folder whose files are looked at; absent: none. */
  readonly cwd?: string | undefined;
  /** `--env`. */
  readonly flag?: string | undefined;
  /** Whether the servers are asked that can declare their environment. */
  readonly probe: boolean;
  /** Where Kubernetes tells the namespace. */
  readonly namespaceFile?: string;
  readonly signal: AbortSignal;
}

const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** Gathers everything. Changes nothing, and rejects for nothing but the reason of `signal`. */
export async function gatherInputs(input: GatherInput): Promise<ContextInputs> {
  const { config, env, cwd, flag, probe } = input;
  const declared = declaredIn(config);
  const [files, namespace, declarations] = await Promise.all([
    cwd === undefined ? [] : readdir(cwd).catch(() => []),
    readNamespace(input),
    probe ? ask(declared, input.signal) : [],
  ]);
  const name = config.environment;
  const source =
    readVariable(env, "GREENLIGHT_ENVIRONMENT") === undefined ? "environment" : "GREENLIGHT_ENVIRONMENT";
  return {
    ...(flag === undefined ? {} : { flag }),
    declared: declarations,
    unasked: probe ? [] : declared.map(({ options }) => options.name),
    ...(name === UNSAID ? {} : { named: { source, name } }),
    variables: env,
    urls: namesInUrls(config.dependencies),
    ...(namespace === undefined ? {} : { namespace }),
    files,
  };
}

/** The key's default. */
const UNSAID = "unknown";

function declaredIn({ context, dependencies }: GatherInput["config"]): Declared[] {
  return dependencies.flatMap((options) => {
    const what = Object.hasOwn(context.declares, options.name) ? context.declares[options.name] : undefined;
    return what === undefined ? [] : [{ options, what }];
  });
}

async function ask(declared: readonly Declared[], signal: AbortSignal): Promise<readonly Declaration[]> {
  if (declared.length === 0) return [];
  // Drivers are loaded with it, which most callers never need.
  const { askDeclarations } = await import("../../services/context/ask.ts");
  return askDeclarations(declared, signal);
}

async function readNamespace({ env, namespaceFile }: GatherInput): Promise<string | undefined> {
  if (readVariable(env, "KUBERNETES_SERVICE_HOST") === undefined) return undefined;
  const text = await readFile(namespaceFile ?? NAMESPACE_FILE, "utf8").catch(() => "");
  return text.trim() || undefined;
}
