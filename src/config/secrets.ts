/** A configuration file is committed and copied: no credential may stand in it. */
import type { ConfigFault } from "./config.ts";
import { literalPart } from "./interpolate.ts";

const SECRET_PARAMETER = /[?&](?:password|passwd|pass|pwd|sslpassword|secret|token)=[^&#\s]/i;

/** Whether a text of the file holds the password of a URL literally, also as a default of a variable. */
export function holdsSecret(raw: string): boolean {
  const text = literalPart(raw);
  const start = text.indexOf("://");
  if (start < 0) return false;
  const rest = text.slice(start + 3);
  const userinfo = rest.slice(0, Math.max(0, rest.lastIndexOf("@")));
  const colon = userinfo.indexOf(":");
  return (colon >= 0 && colon < userinfo.length - 1) || SECRET_PARAMETER.test(rest);
}

/** The fault, if the text holds a secret. */
export function secretFault(raw: string, at: { readonly where: string; readonly path: string }) {
  if (!holdsSecret(raw)) return undefined;
  return {
    code: "CONFIG_SECRET_IN_FILE",
    ...at,
    expected: "no password in the file",
    found: "a URL with a password in it (not shown)",
    suggestion: "put the URL in a variable and write `${NAME}`; change this password if the file was shared",
  } satisfies ConfigFault;
}

/** The fault of a key that holds nothing but a credential, and holds it literally. */
export function credentialFault(at: { readonly where: string; readonly path: string }): ConfigFault {
  return {
    code: "CONFIG_SECRET_IN_FILE",
    ...at,
    expected: "no secret in the file",
    found: "a secret written out (not shown)",
    suggestion: "put it in a variable and write `${NAME}`; change it if the file was shared",
  };
}
