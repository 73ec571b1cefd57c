import { expect } from "vitest";
import { systemClock } from "../../services/clock.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { AuthCandidateOptions, AuthOptions } from "../../services/dependencies/options.ts";
import { climb, type ClimbResult } from "../../services/probe/climb.ts";
import { createObserver } from "../../services/probe/observer.ts";
import type { Observation } from "../../services/probe/observation.ts";
import { deadlines } from "./diagnose.ts";

/** The secret of the sandbox's client in tests that look for it in outputs. */
export const CANARY = "canary +/secret%7f3a";

type Oidc = NonNullable<AuthCandidateOptions["oidc"]>;

/** A candidate of the sandbox's issuer at `url`; with a test client when `client` is given. */
export function candidateFor(
  url: string,
  {
    client,
    oidc,
    ...given
  }: Partial<Omit<AuthCandidateOptions, "oidc">> & {
    client?: Partial<NonNullable<Oidc["client"]>>;
    oidc?: Partial<Oidc> | false;
  } = {},
): AuthCandidateOptions {
  const testClient = { id: "greenlight", secret: CANARY, audience: "suite", ...client };
  return {
    name: "real",
    kind: "real",
    url,
    healthPath: "/health",
    service: "sandbox-auth",
    ...(oidc === false
      ? {}
      : {
          oidc: {
            issuer: url,
            endpointHosts: [],
            ...(client === undefined ? {} : { client: testClient }),
            ...oidc,
          },
        }),
    ...given,
  };
}

/** A mock of the sandbox: it speaks no OpenID Connect that could be checked. */
export const mockFor = (url: string, given: Partial<AuthCandidateOptions> = {}): AuthCandidateOptions =>
  candidateFor(url, { name: "mock", kind: "mock", service: "mock-auth", oidc: false, ...given });

export const authOptions = (
  candidates: readonly AuthCandidateOptions[],
  given: Partial<AuthOptions> = {},
): AuthOptions => ({
  kind: "auth",
  name: "auth",
  required: true,
  intervalMs: 1000,
  deadlines,
  candidates,
  mocks: { allowed: true },
  ttlMs: 10_000,
  maxClockSkewMs: 60_000,
  ...given,
});

export interface AuthDiagnosis {
  readonly ladder: ClimbResult;
  readonly observation: Observation;
}

/** Climbs all ladders and observes once; neither may throw, and neither may show the client's secret or a token. */
export async function diagnoseAuth(options: AuthOptions): Promise<AuthDiagnosis> {
  const dependency = await createDependency(options);
  const { signal } = new AbortController();
  const ladder = await climb({ dependency, clock: systemClock, signal });
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
  const observation = await observer.observe(signal);
  observer.close();
  expectNoSecret(JSON.stringify({ ladder, observation }));
  return { ladder, observation };
}

/** In no spelling: plain, form-encoded, in HTTP's header of a login; and no JWT. */
export function expectNoSecret(text: string): void {
  const form = new URLSearchParams({ "": CANARY }).toString().slice(1);
  const logins = [CANARY, form].map((secret) => Buffer.from(`greenlight:${secret}`).toString("base64"));
  for (const secret of [CANARY, form, encodeURIComponent(CANARY), ...logins])
    expect(text).not.toContain(secret);
  expect(text).not.toMatch(/\beyJ[\w-]{8,}/);
}
