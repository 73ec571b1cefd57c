import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { type AddedView, type ChainView, parseAdded, parseSuite } from "../views/chain-view.ts";
import type { Report } from "../views/report.ts";
import { askService, trust } from "./ask-service.ts";
import type { CommandContext } from "./context.ts";
import { type Answer, createServiceClient, type ServiceClient } from "./service-client.ts";

type Seen = Pick<Report, "vantage" | "dependencies" | "chains" | "verdict" | "suite" | "cloud">;

/** How long a service may take to read what it knows of the cloud for the first time, in ms. */
const READING_MS = 15_000;
const PAUSE_MS = 250;

/**
 * Asks a service about a dependency, a suite, or all that it observes.
 *
 * @throws {CliError} when the service cannot be asked or its answer cannot be used.
 */
export async function askWhy(
  context: CommandContext,
  { url, name }: { readonly url: string; readonly name: string | undefined },
): Promise<Seen> {
  if (name === undefined) return askAll(context, url);
  const client = createServiceClient(context, { url });
  const answer = await settled(client, name, context.signal);
  if (answer.status !== 200 || !isSuite(answer)) {
    const seen = await askService(context, { url, dependency: name });
    const { chains, cloud } = trust(client, answer, parseAdded);
    return { ...seen, chains, cloud };
  }
  const { suite, verdict, chains, cloud } = trust(client, answer, parseSuite);
  const names = [...new Set(chains.flatMap(({ dependencies }) => dependencies))];
  // What a suite observes for itself alone has no explanation of its own name at some services.
  const asked = await Promise.all(
    names.map((dependency) =>
      askService(context, { url, dependency }).then(({ dependencies }) => dependencies),
    ),
  );
  return {
    vantage: { kind: "service", url: client.shown },
    suite,
    verdict,
    dependencies: asked.flat(),
    chains,
    cloud,
  };
}

/** All that it observes, one question each; the same root cause of several is told once. */
async function askAll(context: CommandContext, url: string): Promise<Seen> {
  const seen = await askService(context, { url, dependency: undefined });
  const broken = seen.dependencies.filter(({ status }) => status !== "pass");
  const client = createServiceClient(context, { url });
  const added = await Promise.all(
    broken.map(async ({ dependency }) =>
      trust(client, await settled(client, dependency, context.signal), parseAdded),
    ),
  );
  return { ...seen, chains: distinct(added) };
}

const distinct = (added: readonly AddedView[]): readonly ChainView[] =>
  [
    ...Map.groupBy(
      added.flatMap(({ chains }) => chains),
      ({ root, dependencies }) => JSON.stringify([root.code, root.actions, dependencies]),
    ).values(),
  ].flatMap(([first]) => (first === undefined ? [] : [first]));

const suiteShape = v.object({ suite: v.string() });
const isSuite = ({ body }: Answer): boolean => v.is(suiteShape, body);

const readingShape = v.object({ cloud: v.object({ state: v.literal("reading") }) });

/** What a service reads in the background is waited for once; after its time what it has is good enough. */
async function settled(client: ServiceClient, name: string, signal: AbortSignal): Promise<Answer> {
  const end = performance.now() + READING_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other, until it has read
    const answer = await client.get(`/why/${encodeURIComponent(name)}`);
    if (!v.is(readingShape, answer.body) || performance.now() > end) return answer;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await delay(PAUSE_MS, undefined, { signal });
  }
}
