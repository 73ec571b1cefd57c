/** How a flag switches a protection off. `bypass` must say until when; the others are told without that. */
export type PermissiveKind = "bypass" | "disable" | "mock";

/** What to skip costs nothing but time. */
const COMFORT =
  /_(?:(?:POST_?)?INSTALL|DOWNLOADS?|BUILD|COMPILE|BUNDLE|CACHE|COLORS?|TELEMETRY|ANALYTICS|TRACKING|ANIMATIONS?|INTRO|ONBOARDING|TOUR|WELCOME|SPLASH|BANNER|LOGO|UPDATES?|UPGRADE|CHANGELOG|DOCS|DEPENDENCIES|DEPS|PULL|CLEANUP|NOTIFICATIONS?)(?:_|$)/;

/** What a check or a server is about; without one of these words `DISABLE_X` is about comfort. */
const PROTECTION =
  /(?:^|_)(?:AUTH|AUTHN|AUTHZ|AUTHENTICATION|AUTHORIZATION|LOGIN|TLS|SSL|HTTPS|SECURITY|SECURE|CSRF|XSRF|CORS|CSP|HSTS|RATE_?LIMIT(?:S|ING|ER)?|THROTTLE|THROTTLING|VALIDATION|VALIDATE|VALIDATOR|VALIDATORS|VERIFY|VERIFICATION|CHECK|CHECKS|HEALTH|HEALTHCHECKS?|AUDIT|SIGNATURE|SIGNATURES|PERMISSION|PERMISSIONS|ACL|RBAC|MFA|2FA|OTP|STRICT|CERT|CERTIFICATE|CERTIFICATES|WAF|FIREWALL|ENCRYPTION|DRIFT|GATE|GUARD|GUARDS|POLICY|POLICIES|SANDBOX|MIGRATION|MIGRATIONS|DB|DATABASE|POSTGRES|CLICKHOUSE|REDIS|TEST|TESTS|SCHEMA|CONNECTION|SAFETY|APPROVAL|REVIEW)(?:_|$)/i;

/** Known ones that protect nothing of the environment, whatever their words say. */
const HARMLESS = new Set([
  "SKIP_PREFLIGHT_CHECK",
  "SKIP_YARN_COREPACK_CHECK",
  "SKIP_UPDATE_CHECK",
  "DISABLE_UPDATE_CHECK",
  "DISABLE_VERSION_CHECK",
  "SKIP_VERSION_CHECK",
  "SKIP_INSTALL_CHECK",
  "DISABLE_OPENCOLLECTIVE",
]);

/** What kind of flag the name is; nothing for names of other things. */
export function permissiveKind(key: string): PermissiveKind | undefined {
  const name = key.toUpperCase();
  if (HARMLESS.has(name)) return undefined;
  if (name.startsWith("BYPASS_")) return "bypass";
  if (name.startsWith("SKIP_")) return COMFORT.test(name) ? undefined : "bypass";
  if (/(?:^|_)(?:ALLOW|ENABLE|USE|FORCE)_(?:\w+_)?MOCK(?:S|ED)?(?:_|$)/.test(name)) return "mock";
  if (/(?:^|_)DISABLE_/.test(name))
    return PROTECTION.test(name.replace(/^.*?DISABLE_/, "")) ? "disable" : undefined;
  return undefined;
}
