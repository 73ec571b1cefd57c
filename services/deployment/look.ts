import type { SelfAnswer } from "./check.ts";
import { type Deployment, type Expected, judgeDeployment } from "./judge.ts";
import { getRunService } from "../gcp/run.ts";
import type { RunService } from "../gcp/run-service.ts";
import type { GcpError, GcpTransport } from "../gcp/transport.ts";

/** Asks the service at its own address; rejects with the reason of the signal alone. */
export type AskSelf = (url: string, path: string) => Promise<SelfAnswer>;

export interface LookOptions {
  readonly reader: GcpTransport;
  readonly project: string;
  readonly region: string;
  readonly service: string;
  readonly expected: Expected;
  /** Where it is asked; default: the address that Cloud Run gives it. */
  readonly url?: string;
  readonly askSelf: AskSelf;
  readonly signal: AbortSignal;
}

export type Looked =
  | { readonly kind: "looked"; readonly service: RunService; readonly deployment: Deployment }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly because: GcpError };

/** What runs, and what it says of itself. Rejects with the reason of the signal alone. */
export async function look(options: LookOptions): Promise<Looked> {
  const { reader, expected, askSelf, ...id } = options;
  const found = await getRunService(reader, id);
  if (found.kind !== "known") return found;
  const { value: service } = found;
  const url = options.url ?? service.uri;
  const ask = (path: string): Promise<SelfAnswer> =>
    url === undefined
      ? Promise.resolve({ kind: "silent", because: "Cloud Run has given it no address yet" })
      : askSelf(url, path);
  const [ready, health] = await Promise.all([ask("/health/ready"), ask("/health")]);
  return { kind: "looked", service, deployment: judgeDeployment({ service, expected, ready, health }) };
}
