import { isStrictFlag } from "../policy/flags.ts";
import type { LintInput } from "./input.ts";
import { lastOfEach } from "./stack.ts";
import { isBooleanWord, isOff, isOn } from "./words.ts";

/** Names of switches by the way they are written: `ENABLE_X`, `X_ENABLED`, `IS_X`. */
const SWITCH =
  /^(?:BYPASS|SKIP|DISABLE|ENABLE|REQUIRE|ENFORCE|ALLOW|FAIL_ON|FORCE|USE|IS|HAS|FF|FEATURE|FEATURE_FLAG|TOGGLE)_|_(?:ENABLED|DISABLED|FLAG|REQUIRED|STRICT|STRICT_MODE)$/;

/** Protections by name: switching one off is worth a word. */
const PROTECTION =
  /^(?:REQUIRE|ENFORCE|FAIL_ON)_|^(?:ENABLE_)?STRICT(?:_|$)|_STRICT(?:_MODE)?$|^ENABLE_(?:STRICT_|AUTH|TLS|SSL|SECURITY|CSRF|RATE_?LIMIT|VALIDATION|AUDIT|MFA)|^(?:VERIFY|VALIDATE|CHECK)_/;

export const isProtectionName = (key: string): boolean => PROTECTION.test(key);

/**
 * What runtimes, tools and images read, so that no line of the sources does. Whole prefixes, and names.
 */
const TOOLS =
  /^(?:NODE|NPM|npm|YARN|PNPM|NEXT|NUXT|NG|ASTRO|TURBO|JEST|VITEST|PLAYWRIGHT|PUPPETEER|CYPRESS|PYTHON|PYTEST|PIP|POETRY|UV|FLASK|DJANGO_SETTINGS|UVICORN|GUNICORN|RAILS|RACK|RUBY|BUNDLE|GO|CGO|GIT|GITHUB|GITLAB|RUNNER|CI|DOCKER|BUILDKIT|COMPOSE|PG|POSTGRES|MYSQL|MARIADB|REDIS|CLICKHOUSE|KAFKA|MINIO|GF|GRAFANA|OTEL|SENTRY|DD|AWS|AZURE|GOOGLE|GCLOUD|CLOUDSDK|KUBE|HELM|TF|JAVA|SPRING|LC|GREENLIGHT|FIREBASE|SUPABASE)_|^(?:CI|DEBUG|NO_COLOR|FORCE_COLOR|DO_NOT_TRACK|BROWSER|PYTHONHTTPSVERIFY|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|HUSKY|TZ|LANG)$/;

/** Whether a key is a flag: a value that is a yes or no in words, or a name of a switch with `1`, `0` or such a word. */
export const isFlag = (key: string, value: string): boolean =>
  isBooleanWord(value) || (SWITCH.test(key) && value.trim() !== "" && (isOn(value) || isOff(value)));

/** The flags of all files that somebody's sources must read; what tools read, and Greenlight itself, is left out. */
export function flagNames({ files }: Pick<LintInput, "files">): readonly string[] {
  const names = files.flatMap((file) =>
    lastOfEach(file).flatMap(({ entry: { key }, value }) =>
      isFlag(key, value) && !TOOLS.test(key) && !isStrictFlag(key) ? key : [],
    ),
  );
  return [...new Set(names)];
}
