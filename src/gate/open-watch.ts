import { systemClock } from "../../services/clock.ts";
import { usageError } from "../commands/cli-error.ts";
import type { CommandContext } from "../commands/context.ts";
import { aboutRun } from "./about.ts";
import { createLocalWatch } from "./local-watch.ts";
import { configuredSuite, type LocalSuite, nothingConfigured, suiteOfUrls } from "./local-suite.ts";
import type { Watch } from "./watch.ts";

export interface OpenWatchOptions {
  /** `--url`; default: GREENLIGHT_URL. */
  readonly url?: string | undefined;
  /** `--config`. */
  readonly config?: string | undefined;
  /** Of what is to be looked at from here; then nothing else is. */
  readonly urls?: readonly string[] | undefined;
  /** Default `all`. */
  readonly suite?: string | undefined;
  /** Have the environment for this run alone, by a lease of the service. */
  readonly exclusive?: boolean | undefined;
  /** `--release`; default: GREENLIGHT_RELEASE. */
  readonly release?: string | undefined;
}

/**
 * Decides who looks, and at what. Nothing is asked or opened yet.
 *
 * @throws {CliError} for options that exclude each other (64), and for a configuration or a suite that cannot be used (78).
 */
export async function openWatch(context: CommandContext, options: OpenWatchOptions): Promise<Watch> {
  const { config, urls = [], suite = "all", release, exclusive = false } = options;
  if (urls.length > 0 && config !== undefined) throw usageError("give URLs or --config, not both.");
  if (urls.length > 0 && suite !== "all") throw usageError("URLs make up the suite all; leave out --suite.");
  if (exclusive) throw usageError("--exclusive needs a service that keeps the lease: give --url.");
  const local = urls.length > 0 ? await suiteOfUrls(urls) : await configuredSuite(context, { suite, config });
  if (local === undefined) throw nothingConfigured();
  return watchFromHere(context, local, release);
}

function watchFromHere({ env }: CommandContext, local: LocalSuite, release: string | undefined): Watch {
  const { environment } = local;
  return createLocalWatch({ ...local, about: aboutRun(env, { environment, release }), clock: systemClock });
}
