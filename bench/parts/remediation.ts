import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../services/clock.ts";
import { viewCause } from "../../services/health/cause-view.ts";
import { allActions } from "../../services/remediation/actions.ts";
import { assessActions } from "../../services/remediation/plan-assess.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { makePlan } from "../../services/remediation/plan-make.ts";
import { proposedActions } from "../../services/remediation/plan-propose.ts";
import type { Json } from "../../services/remediation/action.ts";
import { explainChains } from "../../services/why/chain.ts";
import type { CloudFacts, CloudTarget } from "../../services/why/cloud.ts";
import type { Chain } from "../../services/why/root-cause.ts";
import type { Symptom } from "../../services/why/symptom.ts";
import { openSqliteJournal } from "../../src/store/sqlite-journal.ts";
import { BenchError } from "../errors.ts";
import type { Lab } from "../lab.ts";
import { type Spread, spread } from "../statistics.ts";

/** What making a plan, writing the journal and answering why take, without any network. */
export interface RemediationFigures {
  /** Of a plan of so many steps, with its digest. */
  readonly steps: number;
  readonly planMs: Spread;
  /** One event, durable on the disk. */
  readonly appendMs: Spread;
  /** From facts that are known. */
  readonly whyMs: Spread;
}

const STEPS = 40;
const ROUNDS = { plan: 50, append: 500, why: 200 };
const QUICK = { plan: 10, append: 100, why: 20 };

export async function measureRemediation({
  settings,
  say,
  signal,
}: Pick<Lab, "settings" | "say" | "signal">): Promise<RemediationFigures> {
  const rounds = settings.quick ? QUICK : ROUNDS;
  say(`Remediation: ${rounds.plan} plans of ${STEPS} steps, ${rounds.append} events`);
  return {
    steps: STEPS,
    planMs: await repeat(rounds.plan, () => planOnce(signal)),
    appendMs: await appendMs(rounds.append),
    whyMs: await repeat(rounds.why, whyOnce),
  };
}

/** The first round compiles, and is not counted. */
async function repeat(rounds: number, work: () => void | Promise<void>): Promise<Spread> {
  const taken: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const from = performance.now();
    await work();
    if (round > 0) taken.push(performance.now() - from);
  }
  return spread(taken);
}

const chains: readonly Chain[] = Array.from({ length: STEPS }, (_, index) => ({
  subject: { kind: "suite", name: "all" },
  dependencies: [`http-${index}`],
  links: [
    { statement: `http-${index} fails`, evidence: [{ kind: "observation", source: "probe", found: "503" }] },
  ],
  root: {
    code: "PERMISSIVE_OVERRIDE",
    title: "A variable turns validation off",
    explanation: "It is set.",
    owner: "platform",
    remedies: [],
    actions: [
      {
        kind: "set-variable",
        params: { project: "acme-stg", region: "us-central1", service: `service-${index}`, name: "BYPASS" },
      },
    ],
  },
  ruledOut: [],
  missing: [],
  notHelpful: [],
  confidence: "certain",
}));

async function planOnce(signal: AbortSignal): Promise<void> {
  const actions = allActions();
  const capabilities = { clock: systemClock };
  const assessed = await assessActions(proposedActions(chains), {
    actions,
    capabilities,
    signal,
    withinMs: 1000,
  });
  if (assessed.size !== STEPS) throw new BenchError(`${assessed.size} of ${STEPS} actions were looked at`);
  const facts = { environment: "staging", subject: { kind: "suite", name: "all" } } as const;
  // Without a network every look is "unknown"; the plan has all of its steps all the same.
  const { plan } = makePlan({ chains, facts, actions });
  if (plan === undefined || plan.steps.length < STEPS)
    throw new BenchError(`the plan has ${plan?.steps.length ?? 0} steps, expected ${STEPS}`);
  planDigest(plan);
}

async function appendMs(rounds: number): Promise<Spread> {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-bench-journal-"));
  const store = await openSqliteJournal(join(folder, "greenlight.db"));
  try {
    const at = Date.now();
    const lock = await store.lock("bench", { holder: "bench", ttlMs: 3_600_000, now: at });
    if (lock === undefined) throw new BenchError("nobody else has the lock, and it was not given");
    const { fence } = lock;
    const plan: Json = { steps: [{ id: "a", action: { kind: "set", params: {} } }] };
    const run = { runId: "r", planId: "p", digest: "d", plan, environment: "bench", by: "bench", fence };
    await store.append("r", fence, { type: "run-started", at, mode: "apply", ...run });
    return await repeat(rounds, async () => {
      const prior = { vpcAccess: null, etag: "abcdef" };
      await store.append("r", fence, {
        type: "step-assessed",
        at: Date.now(),
        step: "a",
        prior,
        change: null,
      });
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = Array.from({ length: 10 }, (_, index) => `postgres-${index}`);
const target: CloudTarget = {
  project: "acme-stg",
  region: "us-central1",
  service: "api",
  dependencies: new Map(
    names.map((name) => [name, { kind: "sql", project: "acme-stg", region: "us-central1", instance: name }]),
  ),
};
const symptoms = names.map((dependency): Symptom => ({
  dependency,
  kind: "postgres",
  status: "fail",
  cause: viewCause({ code: "CONNECT_TIMEOUT", message: "no answer", rung: "connect" }, {
    dependency,
    host: "10.20.0.3",
    port: 5432,
  } as never),
  held: ["resolve"],
  host: "10.20.0.3",
  port: 5432,
  breakerOpen: false,
  answers: false,
}));
const facts = new Map(
  names.map((name): readonly [string, CloudFacts] => [
    name,
    { target, run: { kind: "unknown", because: { code: "GCP_DENIED", status: 403, message: "no" } } },
  ]),
);

function whyOnce(): void {
  const subject = { kind: "suite", name: "all" } as const;
  const found = explainChains({ subject, symptoms, findings: [], cloud: facts });
  if (found.length === 0 || JSON.stringify(found).length < 100) throw new BenchError("why found nothing");
}
