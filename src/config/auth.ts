/** The parsed auth service → its candidates for this environment, in order, and whether a mock may serve. */
import type { AuthCandidateOptions, AuthOptions } from "../../services/dependencies/options.ts";
import { type NamedCandidate, readBase, resolveCandidate } from "./auth-candidate.ts";
import { type ResolveInput, faultAt, isBroken, warnAt } from "./input.ts";
import { resolveMocks } from "./mocks.ts";
import { resolveObserved } from "./observed.ts";
import type { Parsed } from "./schema.ts";
import type { ParsedAuth } from "./schema-auth.ts";

const PATH = "dependencies.auth";

/** The keys that stand for a list of candidates, in order of priority. */
const SHORTHANDS = [
  { key: "stagingUrl", name: "staging", kind: "real" },
  { key: "localUrl", name: "local", kind: "real" },
  { key: "url", name: "configured", kind: "real" },
  { key: "mockUrl", name: "mock", kind: "mock" },
] as const;

export async function resolveAuth(
  auth: ParsedAuth,
  parsed: Parsed,
  input: ResolveInput,
): Promise<AuthOptions[]> {
  checkShorthands(auth, input);
  const given = auth.candidates === undefined ? candidatesOfUrls(auth) : candidatesOfList(auth, input);
  const candidates: AuthCandidateOptions[] = [];
  for (const each of given) {
    const candidate = await resolveCandidate(each, auth, input);
    if (candidate && isFor(input.environment, each)) candidates.push(candidate);
  }
  if (given.length === 0) missCandidates(auth, input);
  else checkApplicable(given, input);
  const mocks = resolveMocks(parsed, input);
  if (!mocks.allowed && candidates.length > 0 && candidates.every(({ kind }) => kind === "mock")) {
    warnAt(
      input,
      PATH,
      `nothing can serve: every candidate is a mock, and none may serve (${mocks.because})`,
    );
  }
  const { ttl, maxClockSkew } = auth;
  const observed = resolveObserved(auth, input.probe, "auth");
  return [
    { kind: "auth", name: "auth", candidates, mocks, ttlMs: ttl, maxClockSkewMs: maxClockSkew, ...observed },
  ];
}

function candidatesOfUrls(auth: ParsedAuth): NamedCandidate[] {
  return SHORTHANDS.flatMap(({ key, name, kind }) => {
    const url = auth[key];
    if (url === undefined) return [];
    return [{ name, kind, url, urlPath: `${PATH}.${key}`, path: PATH, parsed: { tls: auth.tls } }];
  });
}

function candidatesOfList({ candidates = [] }: ParsedAuth, input: ResolveInput): NamedCandidate[] {
  return candidates.flatMap((parsed, index) => {
    const path = `${PATH}.candidates.${index}`;
    const { name, kind, url } = parsed;
    for (const key of ["name", "kind", "url"] as const) {
      if (parsed[key] !== undefined || input.broken.has(`${path}.${key}`)) continue;
      const expected = `\`${key}\` to be given`;
      faultAt(input, `${path}.${key}`, { expected, found: "nothing" }, "CONFIG_MISSING_KEY");
    }
    if (name !== undefined && candidates.findIndex((other) => other.name === name) < index) {
      const expected = "a name that no other candidate has";
      faultAt(input, `${path}.name`, { expected, found: "the name of an earlier one" });
    }
    const urlPath = `${path}.url`;
    if (name !== undefined && kind !== undefined && url !== undefined) {
      return [{ name, kind, url, urlPath, path, parsed }];
    }
    if (url !== undefined) readBase(url, urlPath, input);
    return [];
  });
}

/** One list or the other: merging them would leave the order to chance. */
function checkShorthands(auth: ParsedAuth, input: ResolveInput): void {
  if (auth.candidates === undefined) return;
  for (const { key } of SHORTHANDS) {
    if (auth[key] === undefined) continue;
    const suggestion = "move it into `candidates`, or unset it";
    const expected = "`candidates`, or URLs without `candidates`";
    faultAt(input, `${PATH}.${key}`, { expected, found: `both \`candidates\` and \`${key}\``, suggestion });
  }
  if (Object.values(auth.tls).some((value) => value !== undefined)) {
    const suggestion = "move it into the candidates it is for";
    faultAt(input, `${PATH}.tls`, {
      expected: "`tls` of each candidate",
      found: "`tls` beside `candidates`",
      suggestion,
    });
  }
}

function missCandidates({ candidates }: ParsedAuth, input: ResolveInput): void {
  if (isBroken(input, PATH) || candidates?.length) return;
  const path = candidates ? `${PATH}.candidates` : `${PATH}.url`;
  const suggestion = "set AUTH_URL, or name servers under `candidates`";
  faultAt(
    input,
    path,
    { expected: "a server that may be the auth service", found: "none", suggestion },
    "CONFIG_MISSING_KEY",
  );
}

const isFor = (environment: string, { parsed }: NamedCandidate): boolean =>
  parsed.environments?.includes(environment) ?? true;

function checkApplicable(given: readonly NamedCandidate[], input: ResolveInput): void {
  if (given.some((each) => isFor(input.environment, each))) return;
  if (isBroken(input, `${PATH}.candidates`) || input.broken.has("environment")) return;
  faultAt(input, `${PATH}.candidates`, {
    expected: "a candidate for this environment",
    found: `${given.length}, all for other environments`,
    suggestion: "add it to `environments` of one of them, or leave `environments` out",
  });
}
