import { isPlaceholder } from "./placeholder.ts";
import { isLoopback, readServer } from "./server.ts";
import { isBooleanWord, isCredentialName } from "./words.ts";

/** What gives a value away, whatever its name is. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, "a private key"],
  [/^(?:gh[pousr]_[A-Za-z\d]{30,}|github_pat_\w{40,})$/, "a GitHub token"],
  [/^glpat-[\w-]{20,}$/, "a GitLab token"],
  [/^(?:AKIA|ASIA)[A-Z\d]{16}$/, "an AWS access key"],
  [/^AIza[\w-]{35}$/, "a Google API key"],
  [/^ya29\.[\w-]{20,}/, "a Google access token"],
  [/^(?:sk|rk)_live_[A-Za-z\d]{10,}$/, "a live Stripe key"],
  [/^xox[abposr]-[\w-]{10,}$/, "a Slack token"],
  [/^npm_[A-Za-z\d]{30,}$/, "an npm token"],
  [/^SG\.[\w-]{16,}\.[\w-]{16,}$/, "a SendGrid key"],
  [/^sk-(?:ant|proj)-[\w-]{20,}$/, "an API key"],
  [/^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*$/, "a JSON Web Token"],
];

/** Where the secret really is. */
const REFERENCE =
  /^(?:(?:sm|gcp-sm|gsm|op|vault|awssm|aws-sm|azurekv|doppler|secret|ref\+\w+|berglas|sops):|arn:aws:|projects\/[^/]+\/secrets\/|\/run\/secrets\/|ENC\[|encrypted:|[./~][\w./~-]*$)/i;

/** What everybody puts there on a laptop, and no attacker has to steal. */
const WEAK =
  /^(?:|postgres|postgresql|password|passwd|pass|secret|root|admin|test|testing|dev|development|local|user|guest|default|redis|mysql|minio|minioadmin|clickhouse|dummy|fake|mock|none|null|example|sample|s3cr3t|password123|123456\d*|(?:dummy|fake|test|mock|dev|local|example|ci|unused|insecure|django-insecure|not-a)[-_].*)$/i;

/**
 * What a value would give away if others read it; nothing for placeholders, references to a store of secrets, weak values
 * that stand for development, and passwords to this machine.
 */
export function secretIn(key: string, value: string): string | undefined {
  const text = value.trim();
  if (isPlaceholder(text) || REFERENCE.test(text)) return undefined;
  const shape = SHAPES.find(([pattern]) => pattern.test(text));
  if (shape) return shape[1];
  const server = readServer(text);
  if (server) {
    const { password = "", host } = server;
    return WEAK.test(password) || isPlaceholder(password) || isLoopback(host)
      ? undefined
      : "a password in a URL";
  }
  if (!isCredentialName(key) || WEAK.test(text) || isBooleanWord(text)) return undefined;
  // A short number is a length or a count.
  return text.length < 6 || /^\d{1,9}$/.test(text) ? undefined : "what its name says";
}

/** Whether it is one of the shapes above, which no template needs. */
export const hasSecretShape = (value: string): boolean =>
  SHAPES.some(([pattern]) => pattern.test(value.trim()));
