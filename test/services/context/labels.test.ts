import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { telling } from "../../../services/context/host.ts";
import { createReadName, LABELS } from "../../../services/context/labels.ts";

const readName = createReadName({ labels: {} });
const readHost = (host: string) => readName(telling(host, (label) => readName(label).labels.length > 0));

describe("a name", () => {
  test.each([
    ["production", "production"],
    ["acme-prod", "production"],
    ["eu-prod2", "production"],
    ["PROD_EU", "production"],
    ["live", "production"],
    ["acme-stg-1", "staging"],
    ["preprod", "staging"],
    ["pre-prod", "staging"],
    ["pre.production", "staging"],
    ["pre-live", "staging"],
    ["staging-prod-mirror", "staging"],
    ["staging-eu", "staging"],
    ["app_test", "test"],
    ["qa7", "test"],
    ["e2e", "test"],
    ["dev", "development"],
    ["ci", "ci"],
    ["test-ci", "test"],
  ])("%s is of %s", (name, environment) => {
    expect(readName(name).says).toBe(environment);
    expect(readName(name).production).toBe(environment === "production");
  });

  test.each([
    "nonprod",
    "non-prod",
    "not-prod",
    "no_production",
    "prod-like",
    "prod-mirror",
    "production-copy",
    "my-device-app",
    "devices",
    "product",
    "products",
    "reproduction",
    "latest",
    "contest",
    "attest",
    "olive",
    "livestream",
    "alive",
    "stages",
    "backstage",
    "precision",
    "",
    "---",
    "ünprod",
  ])("%j names no environment, and nothing of production", (name) => {
    expect(readName(name)).toEqual({ production: false, labels: [] });
  });

  test.each(["staging-prod", "prod.test", "dev_live"])("%s names two, production among them", (name) => {
    const { says, production } = readName(name);
    expect({ says, production }).toEqual({ says: undefined, production: true });
  });

  test("that is a copy of production's data in production's hands stays production", () => {
    for (const name of ["prod-replica", "prod-backup", "prod-readonly"])
      expect(readName(name).says).toBe("production");
  });

  test("has no label inside a longer word, wherever that stands", () => {
    const labels = Object.values(LABELS)
      .flat()
      .filter((label) => !label.includes(" "));
    const all = new Set(labels);
    const letters = fc.stringMatching(/^[a-z]{1,5}$/);
    const word = fc
      .tuple(fc.constantFrom(...labels), letters, fc.boolean())
      .map(([label, extra, before]) => (before ? extra + label : label + extra))
      .filter((text) => !all.has(text));
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("-", "_", ".", "/"),
        (words, by) => {
          expect(readName(words.join(by)).labels).toEqual([]);
        },
      ),
    );
  });

  test("says the same in capitals, with other separators, and beside words that mean nothing", () => {
    const label = fc.constantFrom(
      ...Object.entries(LABELS).flatMap(([kind, all]) => all.map((each) => [kind, each] as const)),
    );
    const nothing = fc.constantFrom("acme", "db", "eu", "west1", "x");
    fc.assert(
      fc.property(label, nothing, nothing, fc.constantFrom("-", "_", "."), ([kind, text], a, b, by) => {
        const name = [a, ...text.split(" "), b].join(by);
        expect(readName(name).says).toBe(kind);
        expect(readName(name.toUpperCase()).says).toBe(kind);
      }),
    );
  });
});

describe("labels of one's own", () => {
  test("are matched whole, also those of several words, and stand beside the usual ones", () => {
    const own = createReadName({ labels: { staging: ["uat", "blue-green"], production: ["main"] } });
    expect(own("acme-uat").says).toBe("staging");
    expect(own("blue.green.acme").says).toBe("staging");
    expect(own("blue-acme-green").says).toBeUndefined();
    expect(own("evaluating").says).toBeUndefined();
    expect(own("main-db").says).toBe("production");
    expect(own("stg").says).toBe("staging");
  });
});

describe("a host", () => {
  test.each([
    ["db.staging.acme.internal", "staging"],
    ["api-staging-abc123-uc.a.run.app", "staging"],
    ["staging-db", "staging"],
    ["db.prod", "production"],
    ["postgres.staging.svc.cluster.local", "staging"],
    ["acme-staging.com", "staging"],
    ["db.acme-prod.co.uk", "production"],
    ["vm.europe-west1-b.c.acme-prod-7.internal", "production"],
    ["db.test.acme.com.", "test"],
  ])("%s is of %s", (host, environment) => {
    expect(readHost(host).says).toBe(environment);
  });

  test.each([
    "localhost",
    "127.0.0.1",
    "10.0.0.7",
    "::1",
    "fd00::1",
    "acme.dev",
    "acme.live",
    "login.live.com",
    "api.test.com",
    "live-nation.com",
    "app.test",
    "api.nonprod.acme.com",
    "my-device-app.acme.com",
    "/var/run/postgresql",
    "/var/run/prod",
  ])("%s says nothing", (host) => {
    expect(readHost(host).labels).toEqual([]);
  });

  test("of a Cloud SQL socket is its instance", () => {
    expect(readHost("/cloudsql/acme:europe-west1:main-staging").says).toBe("staging");
  });
});
