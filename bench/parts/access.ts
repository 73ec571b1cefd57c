import { createHash, randomBytes } from "node:crypto";
import { startGoogle } from "../../src/sandbox/google/google.ts";
import { waitUntil } from "../../src/sandbox/wait.ts";
import { BenchError } from "../errors.ts";
import { ask } from "../http.ts";
import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { load } from "../load.ts";
import { ours } from "../servers.ts";
import { median, ratios, rotate, type Spread, spread } from "../statistics.ts";
import { connectionCounts, mostForeign } from "./throughput.ts";

/** What proof of who asks costs a server that knows the proof already. */
export interface AccessRate {
  readonly name: string;
  readonly connections: number;
  readonly requestsPerSecond: number;
  /** Rate and processor time over those of mode `none` in the same round. */
  readonly toNone: Spread;
  readonly cpuToNone: Spread;
  /** The same over mode `none` when it is sent the same bytes: without what it costs to read and copy a long header. */
  readonly toSameBytes?: Spread | undefined;
  readonly bad: number;
}

interface Caller {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const openName = "mode none, no token";
/** Nobody looks at the token; it costs what any header of that length costs. */
export const unreadName = "mode none, the same ID token, which nobody reads";
const idTokenName = "mode google, an ID token";
const audience = "https://greenlight.example";
const unlimited = {
  GREENLIGHT_ACCESS_LIMITS_PER_PRINCIPAL: "1000000",
  GREENLIGHT_ACCESS_LIMITS_PER_ADDRESS: "1000000",
};

/** One Greenlight for each access mode, loaded in turn by callers that carry what it asks for. */
export async function measureAccess(lab: Lab): Promise<readonly AccessRate[]> {
  const { settings, say, signal } = lab;
  const google = await startGoogle();
  try {
    const withId = await withIdToken(google);
    const callers = [open(), withStaticToken(), withId, { ...open(), ...unread(withId) }];
    let servers: readonly Running[] = [];
    const taken: {
      name: string;
      round: number;
      connections: number;
      rate: number;
      cpu: number;
      bad: number;
    }[] = [];
    for (let round = 0; round < settings.accessSlices; round += 1) {
      say(`Access: round ${round + 1} of ${settings.accessSlices}`);
      if (round % roundsPerLife === 0) {
        await lab.stop(servers);
        servers = await launchAll(lab, callers);
      }
      for (const connections of rotate(connectionCounts, round)) {
        for (const server of rotate(servers, round)) {
          const headers = callers.find(({ name }) => name === server.name)?.headers;
          const slice = await load({ server, connections, seconds: 1, signal, headers });
          const { requestsPerSecond: rate, cpuUsPerRequest: cpu, bad, foreign } = slice;
          // Others worked on the server's core: what was measured is not the server.
          if (foreign > mostForeign) continue;
          taken.push({ name: server.name, round, connections, rate, cpu, bad });
        }
      }
    }
    await lab.stop(servers);
    return connectionCounts.flatMap((connections) =>
      callers.map(({ name }) => {
        const of = (who: string) =>
          taken.filter((each) => each.name === who && each.connections === connections);
        const byRound = (who: string, value: "rate" | "cpu") =>
          new Map(of(who).map((each) => [each.round, each[value]]));
        const toNone = (value: "rate" | "cpu") =>
          spread(ratios(byRound(name, value), byRound(openName, value)));
        return {
          name,
          connections,
          requestsPerSecond: median(of(name).map(({ rate }) => rate)),
          toNone: toNone("rate"),
          cpuToNone: toNone("cpu"),
          toSameBytes:
            name === idTokenName
              ? spread(ratios(byRound(name, "rate"), byRound(unreadName, "rate")))
              : undefined,
          bad: of(name).reduce((sum, { bad }) => sum + bad, 0),
        };
      }),
    );
  } finally {
    await google.close();
  }
}

/** Two processes of one program differ by some per cent, for as long as they live: all are started anew for each round. */
const roundsPerLife = 1;

async function launchAll(lab: Lab, callers: readonly Caller[]): Promise<readonly Running[]> {
  const { signal } = lab;
  const servers = await Promise.all(
    callers.map(({ name, variables }) => lab.launch(ours, { name, variables })),
  );
  await Promise.all(
    servers.map((server, index) => {
      const { headers, variables = {} } = callers[index] ?? {};
      return untilOk(server.url, { headers, guarded: Object.keys(variables).length > 0 }, signal);
    }),
  );
  for (const [index, server] of servers.entries()) {
    await load({
      server,
      connections: connectionCounts[0],
      seconds: 1,
      signal,
      headers: callers[index]?.headers,
    });
  }
  return servers;
}

const open = (): Caller => ({ name: openName, variables: {} });
const unread = ({ headers }: Caller): Partial<Caller> => ({
  name: unreadName,
  ...(headers === undefined ? {} : { headers }),
});

function withStaticToken(): Caller {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  return {
    name: "mode token, a static token",
    headers: { authorization: `Bearer ${token}` },
    variables: {
      ...unlimited,
      GREENLIGHT_ACCESS_MODE: "token",
      GREENLIGHT_ACCESS_READERS: `token:bench:${hash}`,
    },
  };
}

async function withIdToken(google: Awaited<ReturnType<typeof startGoogle>>): Promise<Caller> {
  const email = "bench@example.com";
  const token = await google.mintIdToken({ aud: audience, email, email_verified: true });
  return {
    name: idTokenName,
    headers: { authorization: `Bearer ${token}` },
    variables: {
      ...unlimited,
      GREENLIGHT_ACCESS_MODE: "google",
      GREENLIGHT_ACCESS_AUDIENCES: audience,
      GREENLIGHT_ACCESS_JWKS_URL: google.jwksUrl,
      GREENLIGHT_ACCESS_READERS: `user:${email}`,
    },
  };
}

/** Throws `BenchError` when a guarded server answers without a token too: then nothing is checked. */
async function untilOk(
  url: string,
  { headers, guarded }: { headers: Caller["headers"]; guarded: boolean },
  signal: AbortSignal,
): Promise<void> {
  const isOk = async (): Promise<boolean> => {
    try {
      return (await fetch(url, { signal, ...(headers === undefined ? {} : { headers }) })).ok;
    } catch {
      return false;
    }
  };
  await waitUntil(`${url} answers 200 to its caller`, isOk, { deadlineMs: 20_000, intervalMs: 50, signal });
  if (guarded && (await ask(url, 1000)).status !== 401) {
    throw new BenchError(`Expected ${url} to answer 401 to a caller without a token; it did not.`);
  }
}
