/** The store: a file, or a Postgres. */
import { isAbsolute, join } from "node:path";
import type { TlsOptions } from "../../services/dependencies/options.ts";
import { stateFolder } from "../state-folder.ts";
import type { Environment } from "./config.ts";
import { driverUrl, parseConnectionUrl } from "./connection-url.ts";
import { type Problem, type ResolveInput, faultAt, warnAt } from "./input.ts";
import { takePostgresTls } from "./postgres-tls.ts";
import type { Parsed } from "./schema.ts";
import { readAuthority } from "./tls-authority.ts";

export type StoreOptions =
  | { readonly kind: "sqlite"; readonly path: string }
  /** `url` may hold a password. */
  | { readonly kind: "postgres"; readonly url: string; readonly tls: TlsOptions };

export interface StoreInput {
  readonly input: ResolveInput;
  readonly env: Environment;
  /** Whether there is a configuration file. */
  readonly hasFile: boolean;
}

/** Reports a URL that is none, one beside a path, and warns of a file that goes with the instance. */
export async function resolveStore(
  { store, gcp }: Pick<Parsed, "store" | "gcp">,
  { input, env, hasFile }: StoreInput,
): Promise<StoreOptions> {
  const { path, url } = store;
  if (url === undefined) {
    if (input.onCloudRun && gcp.remediator !== undefined) warnAt(input, "store.path", FORGOTTEN);
    return {
      kind: "sqlite",
      path: path === undefined ? defaultPath(hasFile, { input, env }) : at(path, input),
    };
  }
  if (path !== undefined)
    faultAt(input, "store.path", {
      expected: "`store.path` or `store.url`, as there is one store",
      found: "both",
    });
  const resolved = await resolveUrl(url, input);
  if (resolved.ok) return resolved.options;
  faultAt(input, "store.url", resolved.problem, "CONFIG_INVALID_URL");
  // Never used: the fault ends the start.
  return { kind: "sqlite", path: "" };
}

const FORGOTTEN =
  "the file goes with its instance on Cloud Run, and with it what a run would be taken back by: set `store.url`";

const at = (path: string, input: ResolveInput): string =>
  isAbsolute(path) ? path : join(input.directoryOf("store.path"), path);

/** A project's file stays with the project; without one it is the user's. */
function defaultPath(hasFile: boolean, { input, env }: Pick<StoreInput, "input" | "env">): string {
  return hasFile
    ? join(input.directoryOf("store.path"), ".greenlight", "greenlight.db")
    : join(stateFolder(env), "greenlight.db");
}

type Resolved =
  | { readonly ok: true; readonly options: StoreOptions }
  | { readonly ok: false; readonly problem: Problem };

async function resolveUrl(text: string, input: ResolveInput): Promise<Resolved> {
  const parsed = parseConnectionUrl("postgres", text);
  if (!parsed.ok) return { ok: false, problem: parsed };
  const said = takePostgresTls(parsed.url);
  if (!said.ok) return { ok: false, problem: said };
  const { caPath, mode = caPath === undefined ? "off" : "verify-full" } = said;
  const authority =
    caPath === undefined
      ? undefined
      : await readAuthority({ path: caPath, directory: input.directoryOf("store.url") });
  if (authority?.ok === false) return { ok: false, problem: authority };
  const url = driverUrl({ url: said.url, scheme: parsed.scheme }, mode);
  const tls = { mode, ...(authority && { ca: authority.pem }) };
  return { ok: true, options: { kind: "postgres", url, tls } };
}
