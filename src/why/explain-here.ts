import { systemClock } from "../../services/clock.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { evaluate } from "../../services/gate/evaluate.ts";
import { blocks, judgeRequirements } from "../../services/gate/requirements.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import { policyNote } from "../../services/gate/findings.ts";
import type { Evaluation } from "../../services/gate/verdict.ts";
import { explainChains } from "../../services/why/chain.ts";
import type { CloudFacts } from "../../services/why/cloud.ts";
import type { Chain, Subject } from "../../services/why/root-cause.ts";
import { type Symptom, symptomOf } from "../../services/why/symptom.ts";
import { nameAll } from "../commands/candidates.ts";
import { climbChecks, type Climbed } from "../commands/climb.ts";
import type { CommandContext } from "../commands/context.ts";
import { unknownName } from "../commands/unknown-name.ts";
import type { Config } from "../config/config.ts";
import { collectHere, type FoundHere, readForWhy } from "./read-here.ts";
import { lintSuite } from "./lint-suite.ts";

export interface ExplainHereOptions {
  readonly config?: string | undefined;
  /** Of a dependency or a suite; undefined: all dependencies. */
  readonly name?: string | undefined;
  /** The folder of the suite's tests, which is linted too. */
  readonly tests?: string | undefined;
}

export interface Explained {
  readonly subject: Subject;
  readonly climbed: readonly Climbed[];
  /** Of a suite. */
  readonly evaluation?: Evaluation;
  readonly chains: readonly Chain[];
  readonly config: Config;
}

/**
 * Looks from here at a suite, a dependency or all of them, reads of the cloud what their symptoms call for, and chains it.
 *
 * @throws {CliError} for faults of the configuration and for a name that nothing has.
 */
export async function explainHere(context: CommandContext, options: ExplainHereOptions): Promise<Explained> {
  const { name, tests } = options;
  const read = await readForWhy(context, options.config);
  const { config } = read;
  const suite = findSuite(config, name);
  const wanted =
    suite?.requirements.map(({ observed }) => observed) ?? (name === undefined ? undefined : [name]);
  const all = [...config.dependencies, ...(suite === undefined ? [] : config.suiteDependencies)];
  const observed = all.filter((each) => wanted?.includes(each.name) ?? true);
  const candidates = nameAll(await Promise.all(observed.map((each) => createDependency(each))));
  const [climbed, found, linted] = await Promise.all([
    climbChecks(candidates, context.signal),
    suite === undefined ? undefined : collectHere(context, read),
    tests === undefined ? [] : lintSuite(context, tests),
  ]);
  const evaluation = suite && found && judge(suite, climbed, found);
  const subject: Subject =
    suite === undefined ? { kind: "dependency", name: name ?? "all" } : { kind: "suite", name: suite.name };
  const symptoms = climbed.flatMap(({ check }) => symptomOf(check) ?? []);
  const { cloud, service } = await readCloud(context, { config, symptoms, ofSuite: suite !== undefined });
  const chains = explainChains({
    subject,
    evaluation,
    symptoms,
    findings: [...findingsOf(evaluation, found), ...linted],
    cloud,
    service,
    folder: tests,
    waived: found?.waived,
    vantage: (context.env.K_SERVICE ?? "") === "" ? "here" : "service",
  });
  return { subject, climbed, ...(evaluation && { evaluation }), chains, config };
}

/** A dependency is meant before a suite of the same name. @throws {CliError} for a name that neither has. */
function findSuite({ dependencies, suites }: Config, name: string | undefined): SuiteOptions | undefined {
  if (name === undefined) return undefined;
  const names = dependencies.map((each) => each.name);
  if (names.includes(name)) return undefined;
  const suite = suites.find((each) => each.name === name);
  if (suite !== undefined) return suite;
  const known = [...names, ...suites.map((each) => each.name).filter((each) => !names.includes(each))];
  throw unknownName("dependency or suite", name, { known });
}

function judge(suite: SuiteOptions, climbed: readonly Climbed[], found: FoundHere): Evaluation {
  const checks = new Map(climbed.map(({ check }) => [check.name, check]));
  const reasons = judgeRequirements(suite, checks);
  const { name, stableMs } = suite;
  return evaluate({
    suite: name,
    reasons,
    standing: [],
    // One look proves no stretch of time; what is asked here is what stands in the way.
    fitForMs: reasons.some(blocks) ? undefined : stableMs,
    stableMs,
    inGrace: false,
    findings: found.reasons,
    notes: (suite.notes ?? []).map(policyNote),
  });
}

/** What blocks, and what somebody has configured to be watched. */
function findingsOf(evaluation: Evaluation | undefined, found: FoundHere | undefined): readonly Finding[] {
  const blocking = (evaluation?.reasons ?? []).flatMap(({ finding, effect }) =>
    finding !== undefined && effect === "blocks" ? [finding] : [],
  );
  return [...new Map([...(found?.watched ?? []), ...blocking].map((each) => [each.id, each])).values()];
}

interface CloudHere {
  readonly cloud: ReadonlyMap<string, CloudFacts>;
  readonly service?: CloudFacts;
}

async function readCloud(
  { env, cwd, signal }: CommandContext,
  {
    config,
    symptoms,
    ofSuite,
  }: { readonly config: Config; readonly symptoms: readonly Symptom[]; readonly ofSuite: boolean },
): Promise<CloudHere> {
  if (symptoms.length === 0 && !ofSuite) return { cloud: new Map() };
  const { openCloud } = await import("./open-cloud.ts");
  const cloud = await openCloud({ config, env, cwd, clock: systemClock, signal });
  if (cloud === undefined) return { cloud: new Map() };
  const reader = cloud.read(signal);
  const [service, ...facts] = await Promise.all([
    ofSuite ? reader.service() : undefined,
    ...symptoms.map((symptom) => reader.of(symptom)),
  ]);
  const known = symptoms.flatMap(({ dependency }, index) => {
    const own = facts[index];
    return own === undefined ? [] : [[dependency, own] as const];
  });
  return { cloud: new Map(known), ...(service === undefined ? {} : { service }) };
}
