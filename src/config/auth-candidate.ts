/** One server that may be the auth service → what the adapter reads; nothing may send the client's secret astray. */
import type { Assurance, AuthCandidateOptions } from "../../services/dependencies/options.ts";
import { bareHost } from "../../services/net/bare-host.ts";
import { type ResolveInput, faultAt, isBroken, warnAt } from "./input.ts";
import { isLoopback } from "./listen.ts";
import { describeFound, describeUrl } from "./redact.ts";
import type { ParsedAuth, ParsedCandidate } from "./schema-auth.ts";
import { resolveWebTls } from "./tls.ts";
import { parseWebUrl } from "./web-url.ts";

export interface NamedCandidate {
  readonly name: string;
  readonly kind: Assurance;
  readonly url: string;
  readonly urlPath: string;
  /** Where its own keys are. */
  readonly path: string;
  readonly parsed: Omit<ParsedCandidate, "name" | "kind" | "url">;
}

type Settings = Pick<
  ParsedAuth,
  | "service"
  | "healthPath"
  | "oidc"
  | "issuer"
  | "endpointHosts"
  | "clientId"
  | "clientSecret"
  | "scope"
  | "audience"
  | "checkUrl"
>;

const AUTH = "dependencies.auth";

/** Nothing when its URL cannot be used; every fault is reported. */
export async function resolveCandidate(
  candidate: NamedCandidate,
  auth: ParsedAuth,
  input: ResolveInput,
): Promise<AuthCandidateOptions | undefined> {
  const { name, kind, path, urlPath, parsed } = candidate;
  // What is said of the auth service holds for the real ones alone: a mock must not need, or get, the real client.
  const shared: Settings = kind === "real" ? auth : {};
  const settings: Settings = { ...shared, ...parsed };
  const at = (key: keyof Settings) =>
    (parsed as Settings)[key] === undefined ? `${AUTH}.${key}` : `${path}.${key}`;
  const base = readBase(candidate.url, urlPath, input);
  const tls = base && (await resolveWebTls(parsed.tls, { secure: base.secure, path: `${path}.tls`, input }));
  const oidc = settings.oidc ?? kind === "real";
  const client = resolveClient(settings, { oidc, at, input });
  checkIdentity(candidate, settings, { oidc, input });
  checkUrls(settings, at, input);
  if (client && base && !base.secure && !isLoopback(base.hostname)) {
    warnAt(input, urlPath, "the test client's secret goes unencrypted to this host; use https://");
  }
  if (!base || !tls) return undefined;
  return {
    name,
    kind,
    url: base.url,
    tls,
    healthPath: settings.healthPath ?? "/health",
    ...(settings.service && { service: settings.service }),
    ...(oidc && {
      oidc: {
        issuer: settings.issuer ?? base.url,
        endpointHosts: (settings.endpointHosts ?? []).map((host) => host.toLowerCase()),
        ...(client && { client }),
      },
    }),
  };
}

/** The base URL without a trailing slash; reports what is wrong with it. */
export function readBase(text: string, path: string, input: ResolveInput) {
  if (input.broken.has(path)) return undefined;
  const result = parseWebUrl("http", text);
  if (!result.ok) return faultAt(input, path, result, "CONFIG_INVALID_URL");
  const { url, secure } = result;
  if (url.search) {
    const expected = "a base URL without a query (`?…`)";
    return faultAt(input, path, { expected, found: describeUrl(text) }, "CONFIG_INVALID_URL");
  }
  const hostname = bareHost(url.hostname);
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, secure, hostname };
}

interface ClientInput {
  readonly oidc: boolean;
  readonly at: (key: keyof Settings) => string;
  readonly input: ResolveInput;
}

function resolveClient(settings: Settings, { oidc, at, input }: ClientInput) {
  const { clientId: id, clientSecret: secret, scope, audience, checkUrl } = settings;
  const broken = (["clientId", "clientSecret"] as const).some((key) => isBroken(input, at(key)));
  if (broken || (id === undefined && secret === undefined)) return undefined;
  if (id === undefined || secret === undefined) {
    const given = id === undefined ? "clientSecret" : "clientId";
    const other = id === undefined ? "clientId" : "clientSecret";
    const expected = `\`${other}\` beside \`${given}\``;
    return faultAt(input, at(given), { expected, found: `\`${given}\` alone` });
  }
  if (!oidc) {
    const expected = "a test client only where the service speaks OpenID Connect";
    return faultAt(input, at("clientId"), {
      expected,
      found: "one without `oidc`",
      suggestion: "set `oidc: true`, or take it out",
    });
  }
  return {
    id,
    secret,
    ...(scope && { scope }),
    ...(audience && { audience }),
    ...(checkUrl && { checkUrl }),
  };
}

/** Whatever answers on that port would pass for the service. */
function checkIdentity(
  { kind, path, urlPath }: NamedCandidate,
  { service }: Settings,
  { oidc, input }: { oidc: boolean; input: ResolveInput },
): void {
  if (oidc || service !== undefined || isBroken(input, `${path}.service`) || isBroken(input, `${path}.oidc`))
    return;
  if (kind === "emulator")
    warnAt(input, urlPath, "nothing identifies this emulator: name its `service`, or set `oidc: true`");
  if (kind !== "real") return;
  faultAt(input, path === AUTH ? `${AUTH}.oidc` : path, {
    expected: "something that identifies a real server",
    found: "`oidc: false` and no `service`: whatever answers there would pass",
    suggestion: "name its `service`, or leave `oidc` on",
  });
}

function checkUrls(
  { issuer, checkUrl, endpointHosts }: Settings,
  at: (key: keyof Settings) => string,
  input: ResolveInput,
): void {
  const urls = [
    { key: "issuer", text: issuer },
    { key: "checkUrl", text: checkUrl?.startsWith("/") && !checkUrl.startsWith("//") ? undefined : checkUrl },
  ] as const;
  for (const { key, text } of urls) {
    if (text === undefined || input.broken.has(at(key))) continue;
    const result = parseWebUrl("http", text);
    if (!result.ok) faultAt(input, at(key), result, "CONFIG_INVALID_URL");
    else if (key === "issuer" && result.url.search) {
      faultAt(
        input,
        at(key),
        { expected: "an issuer without a query (`?…`)", found: describeUrl(text) },
        "CONFIG_INVALID_URL",
      );
    }
  }
  for (const [index, host] of (endpointHosts ?? []).entries()) {
    if (/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(host)) continue;
    const path = `${at("endpointHosts")}.${index}`;
    const expected = "a host name, without scheme, port and path";
    faultAt(input, path, { expected, found: describeFound(host, input.hidden.has(path)) });
  }
}
