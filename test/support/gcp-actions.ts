import { OAuth2Client } from "google-auth-library";
import type { Action, Assessment, Capabilities, Json, Outcome } from "../../services/remediation/action.ts";
import { systemClock } from "../../services/clock.ts";
import { createAddIamBinding } from "../../services/remediation/actions/add-iam-binding.ts";
import { createAttachEgress } from "../../services/remediation/actions/attach-egress.ts";
import { createCreateConnector } from "../../services/remediation/actions/create-connector.ts";
import { createEnableApi } from "../../services/remediation/actions/enable-api.ts";
import { createSetVariable } from "../../services/remediation/actions/set-variable.ts";
import { createStartSqlInstance } from "../../services/remediation/actions/start-sql-instance.ts";
import { createEndpoints } from "../../src/gcp/endpoints.ts";
import { createGcpTransport } from "../../src/gcp/transport.ts";
import { type FakeGcp, type GcpOptions, startGcp } from "../../src/sandbox/gcp/gcp.ts";
import { acme } from "../../src/sandbox/gcp/names.ts";
import { eventually } from "./wait.ts";

const pause = async (_ms: number, signal: AbortSignal): Promise<void> => {
  await new Promise(setImmediate);
  signal.throwIfAborted();
};

/** All actions on Google Cloud, waiting between tries for no longer than the event loop takes. */
export function gcpActions(): readonly Action[] {
  return [
    createEnableApi({ graceMs: 0 }),
    createCreateConnector(),
    createAttachEgress({ pause }),
    createAddIamBinding({ pause, spreadMs: 60_000 }),
    createStartSqlInstance({ pause }),
    createSetVariable({ pause }),
  ];
}

export function gcpAction(kind: string): Action {
  const action = gcpActions().find((each) => each.kind === kind);
  if (action === undefined) throw new TypeError(`No action ${kind}.`);
  return action;
}

/** One fake of Google Cloud and what actions do there; closed by `close`. */
export interface Acting {
  readonly gcp: FakeGcp;
  readonly can: Capabilities;
  readonly signal: AbortSignal;
  assess(kind: string, params: Json): Promise<Assessment>;
  /** Assesses, expecting that it has to be done. */
  begin(kind: string, params: Json): Promise<BegunStep>;
}

export interface BegunStep {
  readonly action: Action;
  readonly params: Json;
  readonly prior: Json;
  readonly assessment: Extract<Assessment, { kind: "needed" }>;
  apply(): Promise<Outcome>;
  settle(): Promise<Outcome>;
  /** Asks until it is no longer pending. */
  settled(): Promise<Outcome>;
  rollback(): Promise<Outcome>;
  /** Asks until it is no longer pending. */
  rolledBack(): Promise<Outcome>;
  locate(): ReturnType<Action["locate"]>;
  /** As after a crash: another process, which has the journal and nothing else. */
  anew(): BegunStep;
}

export async function startActing(options?: GcpOptions): Promise<Acting & AsyncDisposable> {
  const gcp = await startGcp(options);
  const http = new OAuth2Client().transporter;
  const as = (email: string) =>
    createGcpTransport({
      tokens: {
        get: async () =>
          Promise.resolve({
            kind: "ok",
            headers: new Headers({ authorization: `Bearer ${gcp.token(email)}` }),
            http,
          }),
        drop: () => undefined,
      },
      endpoints: createEndpoints({ all: gcp.url }),
      timeoutMs: 400,
      tries: 2,
      backoffMs: 1,
    });
  const can = { clock: systemClock, reader: as(acme.runtime), writer: as(acme.remediator) };
  const { signal } = new AbortController();
  const step = (kind: string, params: Json, found: Extract<Assessment, { kind: "needed" }>): BegunStep => {
    const { action } = read(kind, params);
    const prior = JSON.parse(JSON.stringify(found.prior)) as Json;
    const call = async (what: "apply" | "settle" | "rollback"): Promise<Outcome> =>
      action[what](params, prior, can, signal);
    const until = async (what: "settle" | "rollback"): Promise<Outcome> =>
      eventually<Outcome>(async () => {
        const outcome = await call(what);
        if (outcome.kind === "pending") throw new Error(`It is still pending: ${outcome.because}`);
        return outcome;
      });
    return {
      action,
      params,
      prior,
      assessment: found,
      apply: async () => call("apply"),
      settle: async () => call("settle"),
      settled: async () => until("settle"),
      rollback: async () => call("rollback"),
      rolledBack: async () => until("rollback"),
      locate: async () => action.locate(params, prior, can, signal),
      anew: () => step(kind, params, found),
    };
  };
  return {
    gcp,
    can,
    signal,
    async assess(kind, given) {
      const { action, params } = read(kind, given);
      return action.assess(params, can, signal);
    },
    async begin(kind, given) {
      const { action, params } = read(kind, given);
      const found = await action.assess(params, can, signal);
      if (found.kind !== "needed") throw new TypeError(`${kind} is not needed: ${JSON.stringify(found)}`);
      return step(kind, params, found);
    },
    [Symbol.asyncDispose]: async () => gcp.close(),
  };
}

function read(kind: string, params: Json): { action: Action; params: Json } {
  const action = gcpAction(kind);
  const parsed = action.parse(params);
  if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.faults));
  // As it comes out of a plan and a journal.
  return { action, params: JSON.parse(JSON.stringify(parsed.params)) as Json };
}
