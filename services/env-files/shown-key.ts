/** Longer than any name that a person gives, and with all that random text has. */
const RANDOM = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{20,}$/;
const NAME = /^[A-Za-z_][\w.\-[\]]{0,99}$/;

/**
 * The key as it can be shown. What was read as a key may be a line of a private key whose quotes are missing: that is not
 * shown, and a fingerprint stands for it.
 */
export function shownKey(key: string, fingerprint: (text: string) => string): string {
  return NAME.test(key) && !RANDOM.test(key) ? key : `(no name, ${fingerprint(key)})`;
}
