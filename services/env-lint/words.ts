/** What values and names say, as people write them. */

const ON = /^(?:1|true|yes|on|y|t|enabled?)$/i;
const OFF = /^(?:0|false|no|off|n|f|disabled?|)$/i;

export const isOn = (value: string): boolean => ON.test(value.trim());

export const isOff = (value: string): boolean => OFF.test(value.trim());

/** `true`, `off`, …, and not `1` or nothing, which are numbers and gaps as well. */
export const isBooleanWord = (value: string): boolean =>
  (isOn(value) || isOff(value)) && /^[a-z]{2,}$/i.test(value.trim());

const CREDENTIAL =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|SECRET|SECRETS|TOKEN|APIKEY|API_KEY|ACCESS_KEY|SECRET_KEY|SIGNING_KEY|ENCRYPTION_KEY|PRIVATE_KEY|MASTER_KEY|AUTH_KEY|CREDENTIAL|CREDENTIALS|DSN)(?:_(?:BASE|KEY|VALUE|STAGING|PRODUCTION|PROD|TEST|DEV|\d+))?$/i;

/** A name that says something about a secret without holding one. */
const ABOUT =
  /(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON|FILE|PATH|NAME|ID|ARN|URL|URI|TTL|LENGTH|EXPIRY|EXPIRES)$|PUBLIC_KEY/i;

/** `DB_PASSWORD`, `STRIPE_SECRET_KEY`; not `TOKEN_TTL`, `API_KEY_FILE`, `JWT_PUBLIC_KEY`, nor the shell's `PWD`. */
export const isCredentialName = (key: string): boolean =>
  key !== "PWD" && key !== "OLDPWD" && CREDENTIAL.test(key) && !ABOUT.test(key);
