import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CAUSES, type CauseCode } from "../../../services/causes.ts";
import { createFinding } from "../../../services/findings/create.ts";
import { FINDINGS, type FindingCode } from "../../../services/findings/table.ts";
import { explainChains } from "../../../services/why/chain.ts";
import type { CloudFacts } from "../../../services/why/cloud.ts";
import { GCP_ROOT_CAUSES } from "../../../services/why/gcp-root-causes.ts";
import type { Symptom } from "../../../services/why/symptom.ts";
import { absent, ASKED, denied, good, known, policyOf, service, sql, symptom } from "./cases.ts";

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Worlds in all sorts of disorder. */
const worlds: fc.Arbitrary<CloudFacts> = fc
  .record({
    apis: one(good.apis, known(new Map([["sqladmin.googleapis.com", "DISABLED"] as const])), denied()),
    sql: one(
      good.sql,
      known({ ...sql, activationPolicy: "NEVER" as const }),
      known({ ...sql, state: "FAILED" }),
      known({ ...sql, addresses: [{ type: "PRIMARY", address: "34.1.1.1" }] }),
      absent,
      denied(),
    ),
    run: one(
      good.run,
      known(service({ vpcAccess: undefined } as object)),
      known(service({ sqlInstances: ["acme-stg:us-central1:db"] })),
      absent,
      denied(),
    ),
    connector: one(
      good.connector,
      known({ name: "c", project: "p", region: "r", state: "ERROR" as const, connectedProjects: [] }),
      absent,
      denied(),
    ),
    connectors: one(good.connectors, known([]), denied()),
    peerings: one(good.peerings, known([]), denied()),
    project: one(good.project, denied()),
    projectPolicy: one(good.projectPolicy, known(policyOf()), denied()),
    instancePolicy: one(good.instancePolicy, known(policyOf()), denied()),
  })
  .map((facts) => Object.assign({}, good, facts) as CloudFacts);

const isOfCloud = (code: string): boolean => Object.hasOwn(GCP_ROOT_CAUSES, code);

const symptoms: fc.Arbitrary<Symptom> = fc
  .record({
    code: one(...(Object.keys(CAUSES) as CauseCode[])),
    dependency: one("postgres", "redis", "clickhouse"),
    host: one("127.0.0.1", "10.20.0.3", "34.1.2.3", "db.internal", "/cloudsql/a:b:c"),
    breakerOpen: fc.boolean(),
    answers: fc.boolean(),
  })
  .map(({ code, ...rest }) => symptom(code, rest));

const findings = one(...(Object.keys(FINDINGS) as FindingCode[])).map((code) =>
  createFinding({ code, subject: "s", message: `About ${code}.` }),
);

const inputs = fc
  .record({
    kind: one("suite" as const, "dependency" as const),
    seen: fc.uniqueArray(symptoms, { selector: ({ dependency }) => dependency }),
    found: fc.uniqueArray(findings, { selector: ({ id }) => id, maxLength: 6 }),
    world: worlds,
  })
  .map(({ kind, seen, found, world }) => ({
    subject: { kind, name: "x" },
    symptoms: seen,
    findings: found,
    cloud: new Map(seen.map(({ dependency }) => [dependency, world])),
  }));

test("one to five links, each with evidence; what is not known is named; UNDETERMINED says what is missing", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const chains = explainChains(input);
      expect(chains.length > 0).toBe(input.symptoms.length + input.findings.length > 0);
      for (const { links, root, missing, confidence } of chains) {
        expect(links.length).toBeGreaterThanOrEqual(1);
        expect(links.length).toBeLessThanOrEqual(5);
        expect(links.every(({ evidence }) => evidence.length > 0)).toBe(true);
        expect(confidence === "none").toBe(root.code === "UNDETERMINED");
        if (root.code === "UNDETERMINED") expect(missing.length).toBeGreaterThan(0);
      }
      for (const { dependency } of input.symptoms)
        expect(chains.some(({ dependencies }) => dependencies.includes(dependency))).toBe(true);
    }),
  );
});

test("the order in which facts are handed over makes no difference", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const turned = {
        ...input,
        symptoms: input.symptoms.toReversed(),
        findings: input.findings.toReversed(),
        cloud: new Map([...input.cloud].toReversed()),
      };
      expect(explainChains(turned)).toEqual(explainChains(input));
    }),
  );
});

test("taking the knowledge of any fact away shows no root cause that was not shown before", () => {
  fc.assert(
    fc.property(symptoms, worlds, fc.subarray([...ASKED]), (seen, world, hidden) => {
      const rootsIn = (facts: CloudFacts) =>
        explainChains({
          subject: { kind: "dependency", name: seen.dependency },
          symptoms: [seen],
          findings: [],
          cloud: new Map([[seen.dependency, facts]]),
        }).flatMap(({ root }) => (isOfCloud(root.code) ? [root.code] : []));
      const before = new Set(rootsIn(world));
      const blind: CloudFacts = { ...world, ...Object.fromEntries(hidden.map((name) => [name, denied()])) };
      expect(rootsIn(blind).filter((code) => !before.has(code))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("with nothing known no root cause of the cloud is named, and none is ruled out by what is not known", () => {
  const blind: CloudFacts = { ...good, ...Object.fromEntries(ASKED.map((name) => [name, denied()])) };
  fc.assert(
    fc.property(symptoms, (seen) => {
      const chains = explainChains({
        subject: { kind: "dependency", name: "x" },
        symptoms: [seen],
        findings: [],
        cloud: new Map([[seen.dependency, blind]]),
      });
      for (const { root, ruledOut } of chains) {
        expect(Object.hasOwn(GCP_ROOT_CAUSES, root.code)).toBe(false);
        expect(
          ruledOut.filter(({ evidence }) => evidence.kind === "api" && evidence.source !== "address"),
        ).toEqual([]);
      }
    }),
  );
});
