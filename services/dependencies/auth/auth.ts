/** auth: the auth service, found among candidates that are each probed by what they do, not by whether they answer. */
import type { Clock } from "../../clock.ts";
import { classifyError } from "../classify.ts";
import type { Candidate, Dependency, DiscoveryResult } from "../dependency.ts";
import type { AuthOptions } from "../options.ts";
import { createCandidate } from "./candidate.ts";
import { chooseCandidate } from "./choose.ts";
import type { Contender } from "./discover.ts";
import { createSession, DiscoveryError } from "./session.ts";

/** Time for what a discovery does beside waiting, in ms: its own deadlines come before the observer's. */
const GRACE_MS = 500;

/** The auth service through `createCandidate` for each server that may be it; the first healthy one serves. */
export function createAuth(options: AuthOptions, clock: Clock): Dependency {
  const contenders = options.candidates.map((candidate): Contender => {
    const barred =
      candidate.kind !== "mock" || options.mocks.allowed
        ? undefined
        : ({ code: "MOCK_NOT_ALLOWED", message: `a mock may not serve: ${options.mocks.because}` } as const);
    return {
      name: candidate.name,
      kind: candidate.kind,
      healthPath: candidate.healthPath,
      dependency: createCandidate(candidate, { auth: options, clock }),
      ...(barred === undefined ? {} : { barred }),
    };
  });
  const [first] = contenders;
  if (first === undefined) throw new TypeError("the auth service has no candidate");
  const { name, required, intervalMs, warnAboveMs, deadlines } = options;
  const redact = (text: string): string =>
    contenders.reduce((clean, { dependency }) => dependency.redact(clean), text);
  let last: DiscoveryResult | undefined;
  return {
    name,
    kind: "auth",
    required,
    intervalMs,
    warnAboveMs,
    deadlines: { ...deadlines, queryMs: 2 * deadlines.queryMs + deadlines.totalMs + GRACE_MS },
    target: first.dependency.target,
    redact,
    asserts: true,
    open: async () =>
      createSession({ contenders, auth: options, clock, onResult: (found) => (last = found) }),
    classify: (error, rung) =>
      error instanceof DiscoveryError
        ? error.found
        : classifyError({ error, rung, redact, recognise: () => undefined }),
    // It is the session that is kept; what fails in it is dropped there.
    answered: () => true,
    discovery: {
      candidates: contenders satisfies readonly Candidate[],
      choose: (causes) => chooseCandidate(contenders, causes),
      last: () => last,
    },
  };
}
