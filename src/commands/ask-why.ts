import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { type AddedView, type ChainView, parseAdded, parseSuite } from "../views/chain-view.ts";
import type { DependencyReport, Report } from "../views/report.ts";
import {
  askAbout,
  listDependencies,
  readExplanation,
  refuseUnknown,
  trust,
  type Wanted,
} from "./ask-service.ts";
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
  const client = createServiceClient(context, { url });
  const vantage = { kind: "service", url: client.shown } as const;
  const about = (wanted: Wanted): Promise<One> => askOne(client, wanted, context.signal);
  if (name === undefined) {
    const all = await Promise.all((await listDependencies(client)).map(about));
    return { vantage, dependencies: all.map(({ report }) => report), chains: distinct(all) };
  }
  const answer = await settled(client, name, context.signal);
  refuseUnknown(client, answer, name);
  if (!isSuite(answer)) {
    const report = readExplanation(client, answer, { name, required: undefined });
    return { vantage, dependencies: [report], ...trust(client, answer, parseAdded) };
  }
  const { suite, verdict, chains, cloud } = trust(client, answer, parseSuite);
  const names = [...new Set(chains.flatMap(({ dependencies }) => dependencies))];
  const asked = await Promise.all(names.map((each) => about({ name: each, required: undefined })));
  return { vantage, suite, verdict, dependencies: asked.map(({ report }) => report), chains, cloud };
}

interface One extends AddedView {
  readonly report: DependencyReport;
}

async function askOne(client: ServiceClient, wanted: Wanted, signal: AbortSignal): Promise<One> {
  const answer = await settled(client, wanted.name, signal);
  const report = readExplanation(client, answer, wanted);
  return { report, ...trust(client, answer, parseAdded) };
}

/** Each dependency has been asked for itself; what several have in common is told once, with all of them named. */
function distinct(added: readonly AddedView[]): readonly ChainView[] {
  const groups = Map.groupBy(
    added.flatMap(({ chains }) => chains),
    ({ root, dependencies }) =>
      JSON.stringify(root.actions.length === 0 ? [root.code, dependencies] : [root.code, root.actions]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ ...first, dependencies: [...new Set(group.flatMap(({ dependencies }) => dependencies))] }];
  });
}

const suiteShape = v.object({ suite: v.string() });
const isSuite = ({ body }: Answer): boolean => v.is(suiteShape, body);

const readingShape = v.object({ cloud: v.object({ state: v.literal("reading") }) });

/** What a service reads in the background is waited for once; after its time what it has is good enough. */
async function settled(client: ServiceClient, name: string, signal: AbortSignal): Promise<Answer> {
  const end = performance.now() + READING_MS;
  for (;;) {
    const answer = await askAbout(client, name);
    if (!v.is(readingShape, answer.body) || performance.now() > end) return answer;
    await delay(PAUSE_MS, undefined, { signal });
  }
}
