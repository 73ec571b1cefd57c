/** TLS settings, with the authorities read from their files. */
import type { TlsOptions } from "../../services/dependencies/options.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import type { ParsedTls } from "./schema-dependencies.ts";
import { readAuthority } from "./tls-authority.ts";

interface FilesInput {
  /** The key of the settings. */
  readonly path: string;
  readonly input: ResolveInput;
  /** The file that a URL names, and the key of that URL. */
  readonly url?: { readonly caPath: string; readonly path: string };
}

/** The members of the options that the mode does not decide. */
export async function readTlsFiles(
  { ca, servername }: ParsedTls,
  { path, input, url }: FilesInput,
): Promise<Omit<TlsOptions, "mode">> {
  const at = ca === undefined && url ? url.path : `${path}.ca`;
  const file = ca ?? url?.caPath;
  const authority = file && (await readAuthority({ path: file, directory: input.directoryOf(at) }));
  if (authority && !authority.ok) faultAt(input, at, authority, "CONFIG_FILE_UNREADABLE");
  return { ...(authority && authority.ok && { ca: authority.pem }), ...(servername && { servername }) };
}

/** TLS of a URL whose scheme alone decides: settings that contradict it are faults. */
export async function resolveWebTls(
  given: ParsedTls,
  { secure, path, input }: { secure: boolean; path: string; input: ResolveInput },
): Promise<TlsOptions> {
  const { mode, ca, servername } = given;
  if (secure && mode === "off") {
    const suggestion = "write the scheme without TLS, or `tls.mode: no-verify`";
    faultAt(input, `${path}.mode`, {
      expected: "a mode with TLS, as the URL asks for it",
      found: "`off`",
      suggestion,
    });
  }
  if (!secure && ((mode ?? "off") !== "off" || ca !== undefined || servername !== undefined)) {
    const expected = "no TLS settings with a URL that asks for none";
    faultAt(input, path, { expected, found: "some", suggestion: "write the scheme with TLS" });
  }
  if (!secure) return { mode: "off" };
  return { mode: mode ?? "verify-full", ...(await readTlsFiles(given, { path, input })) };
}
