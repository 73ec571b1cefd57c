import { expect, test } from "vitest";
import type { Assessment } from "../../../services/remediation/action.ts";
import { allActions } from "../../../services/remediation/actions.ts";
import { lintPlan } from "../../../services/remediation/plan-lint.ts";
import { makePlan, type MakePlanInput } from "../../../services/remediation/plan-make.ts";
import { keyOf } from "../../../services/remediation/plan-propose.ts";
import type { Plan } from "../../../services/remediation/plan.ts";
import type { ProposedAction } from "../../../services/why/proposed-action.ts";
import type { Chain, RootCause } from "../../../services/why/root-cause.ts";

const ATTACH: ProposedAction = {
  kind: "attach-egress",
  params: {
    project: "acme-stg",
    region: "us-central1",
    service: "api",
    connector: "c1",
    egress: "private-ranges-only",
  },
};
const ENABLE: ProposedAction = {
  kind: "enable-api",
  params: { project: "acme-stg", api: "vpcaccess.googleapis.com" },
};
const GRANT: ProposedAction = {
  kind: "add-iam-binding",
  params: {
    resource: "projects/acme-stg",
    role: "roles/cloudsql.client",
    member: "serviceAccount:run@acme-stg.iam.gserviceaccount.com",
  },
};
const MARKERS: ProposedAction = { kind: "register-markers", params: { folder: "tests" } };

function chain(
  code: RootCause["code"],
  dependencies: readonly string[],
  actions: readonly ProposedAction[],
  rest: Partial<Chain> = {},
): Chain {
  return {
    subject: { kind: "suite", name: "database" },
    dependencies,
    links: [
      { statement: `suite database is stop`, evidence: [] },
      { statement: `${code} holds`, evidence: [] },
    ],
    root: {
      code,
      title: code,
      explanation: "",
      owner: "platform",
      remedies: [`mend ${code}`, `or else ${code}`],
      actions,
    },
    ruledOut: [],
    missing: [],
    notHelpful: [],
    confidence: "certain",
    ...rest,
  };
}

const make = (chains: readonly Chain[], rest: Partial<MakePlanInput> = {}) =>
  makePlan({
    chains,
    facts: { environment: "staging", subject: { kind: "suite", name: "database" } },
    actions: allActions(),
    ...rest,
  });

const found = (...entries: readonly (readonly [ProposedAction, Assessment])[]) =>
  new Map(entries.map(([action, assessment]) => [keyOf(action), assessment]));

const lint = (plan: Plan) =>
  lintPlan(
    {
      faults: [],
      steps: plan.steps.map((step, index) => ({ step, index })),
      nodes: plan.steps.map(({ id, needs, phase }, index) => ({ id, needs, phase, index })),
      head: plan,
    },
    { actions: allActions(), suggest: () => undefined },
  );

test("two causes of one failure are proven by one probe, behind the last step, which needs the other", () => {
  const { plan } = make([
    chain("ROLE_MISSING", ["postgres"], [GRANT]),
    chain("NO_VPC_EGRESS", ["postgres"], [ENABLE, ATTACH]),
  ]);
  const probes = plan?.steps.map(({ verify }) => verify.filter(({ kind }) => kind === "probe").length);
  expect(plan?.steps.map(({ action }) => action.kind)).toEqual([
    "enable-api",
    "attach-egress",
    "add-iam-binding",
  ]);
  expect(probes).toEqual([0, 0, 1]);
  expect(plan?.steps[2]?.needs).toEqual([plan?.steps[1]?.id]);
  expect(plan && lint(plan)).toEqual([]);
});

test("one change that two causes ask for is one step, and each cause is told", () => {
  const { plan } = make([
    chain("API_DISABLED", ["redis"], [ENABLE]),
    chain("NO_VPC_EGRESS", ["postgres"], [ENABLE, ATTACH]),
  ]);
  expect(plan?.steps.map(({ action }) => action.kind)).toEqual(["enable-api", "attach-egress"]);
  expect(plan?.because.slice(0, 2)).toEqual([
    "suite database is stop ← API_DISABLED holds (API_DISABLED).",
    "suite database is stop ← NO_VPC_EGRESS holds (NO_VPC_EGRESS).",
  ]);
});

test("a second way out of one service is no second step but an alternative", () => {
  const direct: ProposedAction = {
    kind: "attach-egress",
    params: {
      project: "acme-stg",
      region: "us-central1",
      service: "api",
      network: "n",
      subnet: "s",
      egress: "private-ranges-only",
    },
  };
  const { plan } = make([
    chain("NO_VPC_EGRESS", ["postgres"], [ATTACH]),
    chain("WRONG_NETWORK", ["redis"], [direct]),
  ]);
  expect(plan?.steps.map(({ action, verify }) => [action.kind, verify.map(({ kind }) => kind)])).toEqual([
    ["attach-egress", ["gcp", "probe", "probe"]],
  ]);
  expect(plan?.because).toContain(
    "Not chosen for WRONG_NETWORK: attach-egress (api, n), since attach-egress (api, c1) is.",
  );
  expect(plan?.because).toContain("Instead, for NO_VPC_EGRESS: or else NO_VPC_EGRESS");
});

test("what blocks comes before hygiene, in an earlier phase", () => {
  const { plan } = make([
    chain("MARKERS_UNREGISTERED", [], [MARKERS]),
    chain("NO_VPC_EGRESS", ["postgres"], [ATTACH]),
  ]);
  expect(plan?.steps.map(({ priority, phase }) => [priority, phase])).toEqual([
    ["P0", 1],
    ["P2", 2],
  ]);
  expect(plan && lint(plan)).toEqual([]);
});

test("what is so already is left out, what is refused goes to a person with the reason, and what cannot be told is said", () => {
  const satisfied = make([chain("NO_VPC_EGRESS", ["postgres"], [ENABLE, ATTACH])], {
    assessments: found([ENABLE, { kind: "satisfied", evidence: "it is ENABLED" }]),
  });
  expect(satisfied.plan?.steps.map(({ action }) => action.kind)).toEqual(["attach-egress"]);
  expect(satisfied.notes).toEqual(["enable-api (vpcaccess.googleapis.com): nothing to do, it is ENABLED"]);
  const refused = make([chain("NO_VPC_EGRESS", ["postgres"], [ATTACH])], {
    assessments: found([ATTACH, { kind: "refused", because: "c1 is in another region" }]),
  });
  expect(refused.plan?.steps[0]).toMatchObject({
    action: { kind: "manual" },
    verify: [{ kind: "probe", dependency: "postgres" }],
  });
  expect(refused.notes[0]).toContain("c1 is in another region");
  const unknown = make([
    chain("UNDETERMINED", ["postgres"], [], { missing: [{ what: "the connector's state", because: "403" }] }),
  ]);
  expect(unknown.plan).toBeUndefined();
  expect(unknown.notes[0]).toContain("the connector's state (403)");
});

test("a cause that only a person can mend is a manual step with its remedies, verified with the probe", () => {
  const { plan } = make([chain("AUTH_FAILED", ["postgres"], [])]);
  expect(plan?.steps).toMatchObject([
    {
      action: { kind: "manual", params: { instructions: ["mend AUTH_FAILED", "or else AUTH_FAILED"] } },
      priority: "P0",
    },
  ]);
  expect(plan && lint(plan)).toEqual([]);
});

test("what ends sessions of others wants approval by name", () => {
  const end: ProposedAction = {
    kind: "end-idle-sessions",
    params: { dependency: "postgres", olderThanMs: 600_000, limit: 5 },
  };
  const { plan } = make([chain("SESSIONS_EXHAUSTED", ["postgres"], [end])]);
  expect(plan?.steps[0]).toMatchObject({ approval: true });
  expect(plan && lint(plan)).toEqual([]);
});

test("the same causes in the same world give the same plan, a catalogue of 40 steps too", () => {
  const chains = Array.from({ length: 20 }, (_, index) => {
    const project = `acme-${index}`;
    return chain(
      "NO_VPC_EGRESS",
      [`db${index}`],
      [
        { ...ENABLE, params: { ...ENABLE.params, project } },
        { ...ATTACH, params: { ...ATTACH.params, project } },
      ],
    );
  });
  const first = make(chains);
  expect(first.plan?.steps).toHaveLength(40);
  expect(make(chains)).toEqual(first);
  expect(first.plan && lint(first.plan)).toEqual([]);
});
