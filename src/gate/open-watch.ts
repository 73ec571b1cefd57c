import { hostname } from "node:os";
import { systemClock } from "../../services/clock.ts";
import { CliError, usageError } from "../commands/cli-error.ts";
import type { CommandContext } from "../commands/context.ts";
import { type ConfigReader, createConfigReader } from "../commands/read-config.ts";
import { aboutRun } from "./about.ts";
import { asksStrict } from "../findings/local.ts";
import { createBothWatch } from "./both-watch.ts";
import { createGateClient } from "./gate-client.ts";
import { createRunLease } from "./lease.ts";
import { createLocalWatch } from "./local-watch.ts";
import { configuredSuite, type LocalSuite, nothingConfigured, suiteOfUrls } from "./local-suite.ts";
import { createServiceIncidents } from "./service-incidents.ts";
import { createServiceWatch, type ServiceWatchOptions } from "./service-watch.ts";
import { whyNoStandIn } from "./stand-in.ts";
import type { Watch } from "./watch.ts";

export interface OpenWatchOptions {
  /** `--url`; default: GREENLIGHT_URL. */
  readonly url?: string | undefined;
  /** `--config`. */
  readonly config?: string | undefined;
  /** Reads that; whoever reads it too hands its own over. */
  readonly readConfig?: ConfigReader;
  /** Of what is to be looked at from here; then nothing else is. */
  readonly urls?: readonly string[] | undefined;
  /** Default `all`. */
  readonly suite?: string | undefined;
  /** Have the environment for this run alone, by a lease of the service. */
  readonly exclusive?: boolean | undefined;
  /** `--release`; default: GREENLIGHT_RELEASE. */
  readonly release?: string | undefined;
  /** `--strict-validation`: what a service says must be judged so too. */
  readonly strictValidation?: boolean | undefined;
}

/** A person who watches wants to see it move. */
const PEEK_MS = { terminal: 1000, elsewhere: 5000 };
/** Longer than it takes to restart a service, and short beside a wait. */
const LOSE_AFTER_MS = 5000;

/**
 * Decides who looks, and at what. Nothing is asked or opened yet.
 *
 * @throws {CliError} for options that exclude each other (64), and for a configuration or a suite that cannot be used (78).
 */
export async function openWatch(context: CommandContext, options: OpenWatchOptions): Promise<Watch> {
  const { urls = [], suite = "all", release, exclusive = false } = options;
  const { readConfig: read = createConfigReader(context, options.config) } = options;
  checkOptions(options);
  const url = options.url ?? (urls.length === 0 ? context.env.GREENLIGHT_URL || undefined : undefined);
  if (exclusive && url === undefined)
    throw usageError("--exclusive needs a service that keeps the lease for all who ask it.", "Give --url.");
  if (urls.length > 0) return watchFromHere(context, await suiteOfUrls(urls), release);
  if (url !== undefined) return watchService(context, { ...options, url, suite, readConfig: read });
  const local = await configuredSuite(read, suite);
  if (local === undefined) throw nothingConfigured();
  return watchFromHere(context, local, release);
}

function checkOptions({ url, config, urls = [], suite = "all" }: OpenWatchOptions): void {
  if (urls.length === 0) return;
  if (config !== undefined) throw usageError("give URLs or --config, not both.");
  if (url !== undefined) throw usageError("give URLs or --url, not both.");
  if (suite !== "all") throw usageError("URLs make up the suite all; leave out --suite.");
}

function watchFromHere({ env }: CommandContext, local: LocalSuite, release: string | undefined): Watch {
  const { environment } = local;
  return createLocalWatch({ ...local, about: aboutRun(env, { environment, release }), clock: systemClock });
}

type ServiceOptions = OpenWatchOptions &
  Required<Pick<OpenWatchOptions, "readConfig">> & {
    readonly url: string;
    readonly suite: string;
  };

async function watchService(context: CommandContext, options: ServiceOptions): Promise<Watch> {
  const { url, suite, release, exclusive = false } = options;
  const { env, stderr } = context;
  // An interrupt ends a wait, and must not keep the lease from being given up.
  const client = createGateClient({ env, stderr, signal: new AbortController().signal }, url);
  const local = await standIn(options);
  const service = createServiceWatch({
    client,
    suite,
    history: createServiceIncidents({ client, suite }),
    about: (environment) => aboutRun(env, { environment, release }),
    strict: asksStrict(context, options),
    lease: exclusive ? createRunLease({ client, suite, holder: holderOf(env) }) : undefined,
    peekMs: stderr.isTTY === true ? PEEK_MS.terminal : PEEK_MS.elsewhere,
    ...(local === undefined ? {} : standingIn(local)),
  });
  if (local === undefined) return service;
  return createBothWatch({ service, url: client.shown, local: watchFromHere(context, local, release) });
}

const standingIn = ({ environment }: LocalSuite): Pick<ServiceWatchOptions, "loseAfterMs" | "whyKeep"> => ({
  loseAfterMs: LOSE_AFTER_MS,
  whyKeep: (last, running) => whyNoStandIn({ last, environment, running }),
});

/**
 * The same suite as configured here, for when the service is lost. What is wrong with a configuration that was not
 * named is no trouble: it is not needed. Nobody here keeps a lease.
 */
async function standIn({
  suite,
  config,
  exclusive = false,
  readConfig,
}: ServiceOptions): Promise<LocalSuite | undefined> {
  try {
    const local = await configuredSuite(readConfig, suite);
    return exclusive ? undefined : local;
  } catch (error) {
    if (config !== undefined || !(error instanceof CliError)) throw error;
    return undefined;
  }
}

/** Who has the lease, for those who wait for it: the run of the CI system, or the machine. */
function holderOf(env: CommandContext["env"]): string {
  const run = env.GITHUB_RUN_ID ?? env.CI_PIPELINE_ID ?? env.BUILD_ID;
  const where = env.GITHUB_REPOSITORY ?? env.CI_PROJECT_PATH ?? hostname();
  return `${where}${run ? ` run ${run}` : ` process ${process.pid}`}`;
}
