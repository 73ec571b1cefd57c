import type { Cause } from "../causes.ts";
import type { Dependency } from "../dependencies/dependency.ts";
import { knock } from "../net/connect.ts";
import { causeIn, type Observation } from "./observation.ts";

const CANNOT_CONNECT: ReadonlySet<string> = new Set(["resolve", "connect"]);

/** False when a failed observation says that nobody accepts connections, so that knocking tells when to try again. */
export function isReachable({ discovery }: Dependency, observation: Observation): boolean {
  const causes =
    discovery === undefined || observation.discovery === undefined
      ? [causeIn(observation)]
      : observation.discovery.candidates.flatMap(({ cause }, index) =>
          discovery.candidates[index]?.barred === undefined ? [cause] : [],
        );
  // With all of them barred there is nothing to wait for at any door.
  return causes.length === 0 || causes.some(isWorthTrying);
}

/** False when a knock tells when to try again. No knock goes to a forbidden address, so none would tell. */
const isWorthTrying = (cause: Cause | undefined): boolean =>
  cause === undefined || cause.code === "ADDRESS_FORBIDDEN" || !CANNOT_CONNECT.has(cause.rung);

/**
 * Knocks at the dependency, or at all servers that may serve.
 *
 * @returns true when one accepts a connection within `ms` milliseconds.
 */
export async function knockAny(dependency: Dependency, ms: number, signal: AbortSignal): Promise<boolean> {
  const { discovery, target } = dependency;
  const eligible = discovery?.candidates.filter(({ barred }) => barred === undefined) ?? [];
  const endpoints =
    eligible.length === 0 ? [target.endpoint] : eligible.map((each) => each.dependency.target.endpoint);
  const answers = await Promise.all(endpoints.map((endpoint) => knock({ endpoint, ms, signal })));
  return answers.includes(true);
}
