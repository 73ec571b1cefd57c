import { expect, test } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import { type ChainsInput, explainChains } from "../../../services/why/chain.ts";
import type { CloudFacts } from "../../../services/why/cloud.ts";
import { ROOT_CAUSES } from "../../../services/why/root-causes.ts";
import type { Symptom } from "../../../services/why/symptom.ts";
import { absent, denied, good, known, member, policyOf, service, sql, symptom } from "./cases.ts";

const subject = { kind: "dependency", name: "postgres" } as const;

function of(seen: Symptom, facts?: CloudFacts, more: Partial<ChainsInput> = {}) {
  const cloud = new Map(facts === undefined ? [] : [[seen.dependency, facts]]);
  return explainChains({ subject, symptoms: [seen], findings: [], cloud, ...more });
}

const gone = symptom("CONNECT_TIMEOUT");
const local = symptom("CONNECT_RESET", { host: "127.0.0.1" });
const none = { run: known(service({ vpcAccess: undefined } as object)) };
const all = service({
  vpcAccess: {
    networkInterfaces: [{ network: "default", subnetwork: "s", tags: [] }],
    egress: "ALL_TRAFFIC",
  },
});
const secret = { project: "acme-stg", secret: "db-password" };
const finding = (code: Parameters<typeof createFinding>[0]["code"], subject = "X") =>
  createFinding({ code, subject, message: `Something about ${subject}.`, facts: { key: subject } });
const held = (code: "HELD" | "NOT_CONFIGURED" | "SETTLING") => ({
  verdict: "wait" as const,
  reasons: [{ code, level: "required", effect: "blocks", curable: true, message: "It is so." } as const],
});

/** Each root cause, by what shows it. */
const SHOWN: Readonly<Record<keyof typeof ROOT_CAUSES, () => ReturnType<typeof explainChains>>> = {
  API_DISABLED: () =>
    of(local, {
      ...good,
      apis: known(
        new Map([
          ["sqladmin.googleapis.com", "DISABLED"],
          ["vpcaccess.googleapis.com", "ENABLED"],
        ]),
      ),
    }),
  INSTANCE_STOPPED: () =>
    of(symptom("CONNECT_REFUSED"), { ...good, sql: known({ ...sql, activationPolicy: "NEVER" }) }),
  INSTANCE_MISSING: () => of(symptom("CONNECT_REFUSED"), { ...good, sql: absent }),
  INSTANCE_NOT_READY: () => of(gone, { ...good, sql: known({ ...sql, state: "MAINTENANCE" }) }),
  NO_VPC_EGRESS: () => of(gone, { ...good, ...none }),
  CONNECTOR_MISSING: () => of(gone, { ...good, connector: absent }),
  CONNECTOR_ERROR: () =>
    of(gone, {
      ...good,
      connector: known({
        name: "c",
        project: "acme-stg",
        region: "us-central1",
        state: "ERROR",
        network: "default",
        connectedProjects: [],
      }),
    }),
  WRONG_NETWORK: () =>
    of(gone, { ...good, sql: known({ ...sql, privateNetwork: "projects/acme-stg/global/networks/other" }) }),
  PEERING_MISSING: () => of(gone, { ...good, peerings: known([]) }),
  EGRESS_WITHOUT_NAT: () =>
    of(symptom("CONNECT_TIMEOUT", { host: "34.1.2.3" }), { ...good, run: known(all) }),
  ANNOTATION_AT_WRONG_LEVEL: () =>
    of(gone, {
      ...good,
      ...none,
      misplaced: [
        { file: "cloudrun.yaml", annotation: "run.googleapis.com/vpc-access-connector", value: "c" },
      ],
    }),
  SQL_NOT_ATTACHED: () => of(symptom("SOCKET_MISSING", { host: "/cloudsql/acme-stg:us-central1:db" }), good),
  ROLE_MISSING: () => of(local, { ...good, instancePolicy: known(policyOf()) }),
  SECRET_UNREADABLE: () =>
    of(symptom("PASSWORD_MISSING"), { ...good, secrets: [{ ...secret, version: absent }] }),
  PERMISSIVE_OVERRIDE: () => explainChains({ subject, symptoms: [], findings: [finding("FLAG_BYPASS")] }),
  SESSIONS_EXHAUSTED: () => of(symptom("TOO_MANY_CONNECTIONS")),
  BREAKER_HELD: () => of(symptom("CONNECT_REFUSED", { breakerOpen: true, answers: true })),
  MARKERS_UNREGISTERED: () =>
    explainChains({ subject, symptoms: [], findings: [finding("MARKER_UNREGISTERED")] }),
  AWAITS_WRONG: () => explainChains({ subject, symptoms: [], findings: [finding("COROUTINE_NOT_AWAITED")] }),
  CONFIG_DRIFTED: () => explainChains({ subject, symptoms: [], findings: [finding("DRIFT_CHANGED")] }),
  REQUIREMENT_UNMET: () =>
    explainChains({ subject, symptoms: [], findings: [], evaluation: held("NOT_CONFIGURED") }),
  SUITE_HELD: () => explainChains({ subject, symptoms: [], findings: [], evaluation: held("HELD") }),
  NOT_SETTLED: () => explainChains({ subject, symptoms: [], findings: [], evaluation: held("SETTLING") }),
  UNDETERMINED: () => of(gone, { ...good, run: denied() }),
};

test.each(Object.entries(SHOWN))("%s is named by what shows it, and by that alone", (code, chains) => {
  const found = chains();
  expect(found.map(({ root }) => root.code)).toEqual([code]);
  const [chain] = found;
  expect(chain?.links.length).toBeGreaterThan(0);
  expect(JSON.stringify(chain)).not.toMatch(/\{\w+\}/);
  const kinds = new Set<string>(ROOT_CAUSES[code as keyof typeof ROOT_CAUSES].actions);
  for (const { kind } of chain?.root.actions ?? [])
    expect([kind, kinds.has(kind) || kind === "manual"]).toEqual([kind, true]);
});

test("a suite, its dependencies, the cause, what lies beneath: five links, each with evidence", () => {
  const [chain] = of(
    gone,
    { ...good, ...none },
    {
      subject: { kind: "suite", name: "e2e" },
      evaluation: { verdict: "stop", reasons: [] },
    },
  );
  expect(chain?.links.map(({ statement }) => statement)).toEqual([
    "suite e2e is stop",
    "postgres fails",
    "CONNECT_TIMEOUT to a private address: no answer to the connection attempt",
    "the Cloud Run service api has no VPC egress",
    "template.vpcAccess is empty",
  ]);
  expect(chain?.links.every(({ evidence }) => evidence.length > 0)).toBe(true);
  expect(chain).toMatchObject({ confidence: "certain", missing: [], root: { owner: "network" } });
});

test("what a suite's dependency has not been observed for yet is not settled, and no cause", () => {
  const reason = {
    code: "NOT_OBSERVED",
    dependency: "postgres",
    level: "required",
    effect: "blocks",
    curable: true,
    message: "postgres has not been observed yet.",
  } as const;
  const chains = explainChains({
    subject: { kind: "suite", name: "e2e" },
    evaluation: { verdict: "wait", reasons: [reason] },
    symptoms: [symptom("NOT_EVALUATED")],
    findings: [],
  });
  expect(chains).toMatchObject([{ root: { code: "NOT_SETTLED" }, dependencies: ["postgres"] }]);
});

test("several dependencies behind one missing egress are one chain with all of them", () => {
  const redis = symptom("CONNECT_TIMEOUT", { dependency: "redis", kind: "redis", host: "10.30.0.4" });
  const chains = explainChains({
    subject: { kind: "suite", name: "database" },
    evaluation: { verdict: "wait", reasons: [] },
    symptoms: [redis, gone],
    findings: [],
    cloud: new Map([
      ["postgres", { ...good, ...none }],
      ["redis", { ...good, ...none }],
    ]),
  });
  expect(chains).toHaveLength(1);
  expect(chains[0]).toMatchObject({ dependencies: ["postgres", "redis"], root: { code: "NO_VPC_EGRESS" } });
  expect(chains[0]?.links[1]?.statement).toBe("postgres and redis fail");
});

test("two facts that each break it are two chains, the one to begin with first", () => {
  const found = of(local, { ...good, ...none, sql: known({ ...sql, activationPolicy: "NEVER" }) });
  expect(found.map(({ root }) => root.code)).toEqual(["INSTANCE_STOPPED", "NO_VPC_EGRESS"]);
});

test("a refused connection to a private address rules a missing route out: packets arrive", () => {
  const [chain] = of(symptom("CONNECT_REFUSED"), { ...good, ...none });
  expect(chain?.root.code).toBe("CONNECT_REFUSED");
  expect(chain?.ruledOut).toContainEqual({
    code: "NO_VPC_EGRESS",
    evidence: { kind: "observation", source: "postgres", found: "CONNECT_REFUSED: packets arrive" },
  });
});

test("a 403 is not known, never ruled out, and makes what is shown behind it likely at most", () => {
  const [stopped] = of(symptom("CONNECT_REFUSED", { host: "127.0.0.1" }), {
    ...good,
    apis: denied(),
    sql: known({ ...sql, activationPolicy: "NEVER" }),
  });
  expect(stopped).toMatchObject({ root: { code: "INSTANCE_STOPPED" }, confidence: "likely" });
  expect(stopped?.missing[0]).toEqual({
    what: "whether sqladmin.googleapis.com is on",
    because: "403 (GCP_DENIED): the permission x.y.get is missing",
  });
  const [open] = of(gone, { ...good, run: denied() });
  expect(open?.ruledOut.map(({ code }) => code)).not.toContain("NO_VPC_EGRESS");
  expect(open?.missing.map(({ what }) => what)).toContain("the VPC access of run service api");
});

test("where all that is read is in order, a time-out is UNDETERMINED and names what is not read", () => {
  const [chain] = of(gone, good);
  expect(chain?.root.code).toBe("UNDETERMINED");
  expect(chain?.missing.map(({ what }) => what)).toEqual([
    "firewall rules and routes between the service and the server",
  ]);
  expect(chain?.ruledOut.length).toBeGreaterThan(3);
});

test("facts that are being read lead to no conclusion from their absence", () => {
  const [chain] = of(gone, undefined, { pending: new Set(["postgres"]) });
  expect(chain).toMatchObject({ root: { code: "UNDETERMINED" }, confidence: "none" });
});

test("without a cloud a definite cause is its own root, and a rejected password asks for no role", () => {
  expect(of(symptom("CONNECT_REFUSED"))[0]).toMatchObject({
    root: { code: "CONNECT_REFUSED" },
    confidence: "certain",
  });
  const [chain] = of(symptom("AUTH_FAILED", { message: "password authentication failed" }), {
    ...good,
    instancePolicy: known(policyOf()),
  });
  expect(chain?.root.code).toBe("AUTH_FAILED");
});

test("an account of IAM that may not log in lacks another role than one that may not connect", () => {
  const login = symptom("AUTH_FAILED", {
    message: 'Cloud SQL IAM service account authentication failed for user "x"',
  });
  const [chain] = of(login, good);
  expect(chain?.root.actions).toEqual([
    {
      kind: "add-iam-binding",
      params: { resource: "projects/acme-stg", role: "roles/cloudsql.instanceUser", member },
    },
  ]);
});

test("a role in the caller's project does not help where the instance is in another", () => {
  const resource = { kind: "sql", project: "data-stg", region: "us-central1", instance: "db" } as const;
  const [chain] = of(local, { ...good, resource, instancePolicy: known(policyOf()) });
  expect(chain?.root.actions).toMatchObject([
    { params: { resource: "projects/data-stg", role: "roles/cloudsql.client" } },
  ]);
  expect(chain?.notHelpful[0]?.remedy).toBe(
    "Granting roles/cloudsql.client in acme-stg, where it is granted already",
  );
});

test("egress that is narrowed keeps the network of its subnet, also where the service does not name it", () => {
  const vpcAccess = {
    networkInterfaces: [{ subnetwork: "s", tags: [] }],
    egress: "ALL_TRAFFIC",
  } as const;
  const subnet = known({ name: "s", network: "default", privateGoogleAccess: true });
  const facts = { ...good, run: known(service({ vpcAccess })), subnet };
  const [chain] = of(symptom("CONNECT_TIMEOUT", { host: "34.1.2.3" }), facts);
  expect(chain?.root.actions).toMatchObject([
    { kind: "attach-egress", params: { network: "default", subnet: "s", egress: "private-ranges-only" } },
  ]);
});

test.each([
  [{}, "--vpc-connector c"],
  [{ connectors: known([]) }, "--network default --subnet default"],
])("the command for a missing way into the VPC attaches what the plan attaches", (facts, attachment) => {
  const [chain] = of(gone, { ...good, ...none, ...facts });
  expect(chain?.root.remedies[0]).toBe(
    `Attach the network: gcloud run services update api --region us-central1 --project acme-stg ${attachment} --vpc-egress private-ranges-only`,
  );
});

test("from a machine outside, what is seen of a private address is likely at most", () => {
  const [chain] = of(gone, { ...good, ...none }, { vantage: "here" });
  expect(chain?.confidence).toBe("likely");
  expect(chain?.missing[0]?.because).toContain("--url");
});

const container = (name: string, value: string) => ({
  name,
  image: "i",
  cpuIdle: true,
  ports: [],
  volumeMounts: [],
  env: [
    { name: "BYPASS_AUTH", kind: "plain", value } as const,
    { name: "DB", kind: "plain", value: "canary-5" } as const,
  ],
});

test("an override on the service is told by its name alone, with the action that removes it, unless it is waived", () => {
  const cloud = {
    ...good,
    run: known(service({ containers: [container("app", "canary-4"), container("side", "false")] })),
  };
  const input = {
    subject: { kind: "suite", name: "all" },
    evaluation: { verdict: "go", reasons: [] },
    symptoms: [],
    findings: [],
    service: cloud,
  } as const;
  const [chain] = explainChains(input);
  expect(chain?.root.actions).toEqual([
    {
      kind: "set-variable",
      params: {
        project: "acme-stg",
        region: "us-central1",
        service: "api",
        name: "BYPASS_AUTH",
        container: "app",
      },
    },
  ]);
  expect(chain?.links[0]?.statement).toBe("suite all is go, and proves less than it seems");
  expect(JSON.stringify(chain)).not.toContain("canary");
  expect(explainChains({ ...input, waived: new Set(["FLAG_BYPASS:BYPASS_AUTH"]) })).toEqual([]);
});
