import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { scopesOf, type Scope, type Setting } from "../flag.ts";
import type { LintInput } from "../input.ts";
import { isLoopback, isSingleLabel, readServer } from "../server.ts";
import { isOff, isOn } from "../words.ts";

/**
 * Certificates that are not checked (`NODE_TLS_REJECT_UNAUTHORIZED=0`, `PYTHONHTTPSVERIFY=0`, `*_VERIFY_SSL=false`,
 * `*_INSECURE_SKIP_VERIFY=true`, …) and connections that are not encrypted (`sslmode=disable`). Not reported: flags that
 * are off or overridden; `sslmode=disable` to this machine, to a name inside a network of containers (`db`), and where no
 * host is known; `sslmode=prefer`, which is the driver's own default.
 */
export function transport(input: LintInput): readonly Finding[] {
  return scopesOf(input).flatMap((scope) =>
    [...scope.settings.values()].flatMap((setting) => {
      if (setting.composed) return [];
      if (isUnverified(setting)) return [unverified(setting)];
      return isUnencrypted(setting, scope) ? [unencrypted(setting)] : [];
    }),
  );
}

const VERIFIES =
  /(?:^|_)(?:TLS_REJECT_UNAUTHORIZED|SSL_REJECT_UNAUTHORIZED|(?:TLS|SSL|CERT|HTTPS)_VERIFY|VERIFY_(?:TLS|SSL|CERTS?|CERTIFICATES?|HTTPS)|(?:TLS|SSL)_VERIFICATION)$/;
const SKIPS =
  /(?:^|_)(?:SSL_NO_VERIFY|TLS_NO_VERIFY|INSECURE_SKIP_VERIFY|TLS_INSECURE|SSL_INSECURE|INSECURE_TLS|INSECURE_SSL|SKIP_(?:TLS|SSL|CERT)_VERIF(?:Y|ICATION)|ALLOW_INSECURE_(?:TLS|SSL))$/;

/** Whether the key says that certificates are checked, or that they are not. */
export const isTransportName = (key: string): boolean =>
  key === "PYTHONHTTPSVERIFY" || VERIFIES.test(key) || SKIPS.test(key);

function isUnverified({ key, value }: Setting): boolean {
  if (SKIPS.test(key)) return isOn(value);
  const checks = key === "PYTHONHTTPSVERIFY" || VERIFIES.test(key);
  return checks && value.trim() !== "" && isOff(value);
}

function isUnencrypted({ key, value }: Setting, { settings }: Scope): boolean {
  if (/(?:^|_)(?:PG)?SSL_?MODE$/.test(key)) {
    const prefix = key.replace(/_?SSL_?MODE$/, "");
    const host = settings.get(prefix === "PG" ? "PGHOST" : `${prefix}_HOST`)?.value;
    return /^disabled?$/i.test(value.trim()) && host !== undefined && leavesTheMachine(host);
  }
  const server = readServer(value);
  const mode = server?.parameters.get("sslmode") ?? server?.parameters.get("ssl-mode");
  return server !== undefined && /^disabled?$/i.test(mode ?? "") && leavesTheMachine(server.host);
}

const leavesTheMachine = (host: string): boolean =>
  host !== "" &&
  !host.startsWith("/") &&
  !isLoopback(host) &&
  !isSingleLabel(host) &&
  host !== "host.docker.internal";

function unverified({ key, subject, place }: Setting): Finding {
  const message = `${key} makes clients accept every certificate.`;
  return createFinding({
    code: "ENV_TLS_UNVERIFIED",
    subject,
    place,
    message,
    facts: { key },
  });
}

function unencrypted({ key, subject, place }: Setting): Finding {
  const message = `${key} asks for a connection without encryption, to a server outside this machine.`;
  return createFinding({ code: "ENV_TLS_OFF", subject, place, message, facts: { key } });
}
