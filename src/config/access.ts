/** Who may ask. A mode that would leave the service open, or closed to everybody, is a fault. */
import { bareHost } from "../../services/net/bare-host.ts";
import type { AccessOptions, GoogleOptions } from "../../services/access/options.ts";
import type { Config } from "./config.ts";
import { type Problem, type ResolveInput, faultAt, isBroken, warnAt } from "./input.ts";
import { isLoopback } from "./listen.ts";
import { describeFound, describeUrl } from "./redact.ts";
import { resolveRules } from "./rules.ts";
import type { ParsedAccess } from "./schema-access.ts";

const LISTS = ["readers", "operators"] as const;
const GOOGLE_KEYS = ["audiences", "gcloud", "clientIds", "jwksUrl", "tokenInfoUrl"] as const;
const TEST_URLS = ["jwksUrl", "tokenInfoUrl"] as const;

/** Checks what is said about access against the mode, the address and the platform. */
export function resolveAccess(
  parsed: ParsedAccess,
  listen: Config["listen"],
  input: ResolveInput,
): AccessOptions {
  const { mode } = parsed;
  const open: AccessOptions = { mode: "none" };
  if (input.broken.has("access.mode") || input.broken.has("access")) return open;
  checkKeys(mode, input);
  if (mode === "none") {
    checkLoopback(listen.host, input);
    return open;
  }
  const rules = resolveRules(parsed, mode, input);
  if (rules.length === 0 && !LISTS.some((list) => isBroken(input, `access.${list}`))) {
    const said = LISTS.flatMap((list) => parsed[list]).length > 0;
    if (!said) missing("access.readers", NOBODY, input);
  }
  if (mode === "platform" && !input.onCloudRun) faultAt(input, "access.mode", OFF_CLOUD_RUN, "CONFIG_ACCESS");
  const guarded = {
    public: parsed.public,
    rules,
    limits: parsed.limits,
    trustedProxies: parsed.trustedProxies ?? (input.onCloudRun ? 1 : 0),
  };
  if (mode !== "google") return { mode, ...guarded };
  return { mode, google: resolveGoogle(parsed, input), ...guarded };
}

const NOBODY = {
  expected: "somebody who may ask",
  found: "an empty allow-list",
  suggestion: "name members under `access.readers` or `access.operators` (or in GREENLIGHT_ACCESS_READERS)",
};

const OFF_CLOUD_RUN = {
  expected: "a mode that verifies tokens itself: without K_SERVICE nothing has checked them before",
  found: "`platform` outside Cloud Run",
  suggestion: "use `google`",
};

/** What the mode needs and nobody said: the place is that of the mode. */
function missing(path: string, problem: Problem, input: ResolveInput): void {
  const where = input.place(input.sources.has(path) ? path : "access.mode");
  input.report({ code: "CONFIG_ACCESS", where, path, ...problem });
}

/** Without access control only this machine may ask. */
function checkLoopback(host: string, input: ResolveInput): void {
  if (isLoopback(host) || isBroken(input, "listen")) return;
  const isDefault = !input.sources.has("listen.host");
  input.report({
    code: "CONFIG_ACCESS",
    where: isDefault ? "K_SERVICE" : input.place("listen.host"),
    path: "listen.host",
    expected: "a loopback address such as 127.0.0.1, since access mode `none` lets anybody ask",
    found: isDefault
      ? "0.0.0.0, the default on Cloud Run"
      : describeFound(host, input.hidden.has("listen.host")),
    suggestion: input.onCloudRun
      ? "set `access.mode: google`, or `platform` where Cloud Run itself lets in nobody without a token"
      : "listen on 127.0.0.1, or set `access.mode` to `token` or `google`",
  });
}

/** Keys that another mode reads would seem to guard something. */
function checkKeys(mode: ParsedAccess["mode"], input: ResolveInput): void {
  const unread = [
    ...(mode === "none" ? ["public", ...LISTS] : []),
    ...(mode === "google" ? [] : GOOGLE_KEYS),
  ];
  for (const key of unread) {
    const path = `access.${key}`;
    if (!input.sources.has(path)) continue;
    const of =
      key === "public" || key === "readers" || key === "operators"
        ? "a mode that asks for tokens"
        : "mode `google`";
    faultAt(
      input,
      path,
      {
        expected: `\`${key}\` with ${of} alone`,
        found: `it with mode \`${mode}\`, which does not read it`,
        suggestion:
          of === "mode `google`" ? "set `access.mode: google`, or take it out" : "set `access.mode`",
      },
      "CONFIG_ACCESS",
    );
  }
  if (mode !== "none") return;
  for (const key of ["limits", "trustedProxies"]) {
    if (
      input.sources.has(`access.${key}`) ||
      [...input.sources.keys()].some((path) => path.startsWith(`access.${key}.`))
    )
      warnAt(input, `access.${key}`, `access mode \`none\` does not read \`${key}\``);
  }
}

function resolveGoogle(parsed: ParsedAccess, input: ResolveInput): GoogleOptions {
  const { audiences, gcloud, clientIds } = parsed;
  if (audiences.length === 0 && !isBroken(input, "access.audiences")) {
    const suggestion = "the URL of this service, as `access.audiences` or GREENLIGHT_ACCESS_AUDIENCES";
    const expected = "the audience that ID tokens are made for";
    missing("access.audiences", { expected, found: "none", suggestion }, input);
  }
  for (const key of TEST_URLS) {
    const text = parsed[key];
    const url = text === undefined ? undefined : URL.parse(text);
    if (
      text === undefined ||
      (url?.protocol === "http:" && isLoopback(bareHost(url.hostname)) && !url.username && !url.password)
    )
      continue;
    const expected = "an http:// URL on loopback: only tests ask anybody but Google";
    faultAt(input, `access.${key}`, { expected, found: describeUrl(text) }, "CONFIG_ACCESS");
  }
  const { jwksUrl, tokenInfoUrl } = parsed;
  return { audiences, gcloud, clientIds, ...(jwksUrl && { jwksUrl }), ...(tokenInfoUrl && { tokenInfoUrl }) };
}
