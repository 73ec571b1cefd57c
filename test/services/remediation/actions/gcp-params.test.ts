import { execFileSync } from "node:child_process";
import { array, assert, constantFrom, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../../services/remediation/action.ts";
import { gcpAction, gcpActions } from "../../../support/gcp-actions.ts";
import { CASES, titleOf } from "./gcp-cases.ts";

const faultsOf = (kind: string, params: unknown): readonly string[] => {
  const parsed = gcpAction(kind).parse(params);
  return parsed.ok ? [] : parsed.faults.map(({ path, expected, found }) => `${path}: ${expected} / ${found}`);
};

const good = (kind: string): Readonly<Record<string, Json>> => {
  const found = CASES.find((each) => each.kind === kind);
  if (found === undefined) throw new TypeError(kind);
  return found.params;
};

/** What each rule refuses: kind, what is given instead, and what the fault says. */
const BAD: readonly (readonly [string, Record<string, Json | undefined>, string])[] = [
  ["enable-api", { api: "vpcaccess.example.com" }, "params.api: the name of an API"],
  ["enable-api", { project: "Acme" }, "params.project: the id of a project"],
  ["enable-api", { project: undefined }, "params.project: the id of a project, such as acme-stg / nothing"],
  ["enable-api", { region: "us-central1" }, "params.region: one of project, api / another name"],
  ["create-connector", { name: "Staging" }, "params.name"],
  ["create-connector", { name: "staging-" }, "params.name"],
  ["create-connector", { name: "9staging" }, "params.name"],
  // 17 characters and 4 hyphens count as 21.
  ["create-connector", { name: "a-b-c-d-efghijklm" }, "each hyphen counted as two"],
  ["create-connector", { range: "10.8.0.0/27" }, "params.range: a private /28"],
  ["create-connector", { range: "10.8.0.1/28" }, "params.range: a private /28"],
  ["create-connector", { range: "34.8.0.0/28" }, "params.range: a private /28"],
  ["create-connector", { range: "10.8.0.256/28" }, "params.range: a private /28"],
  ["create-connector", { range: undefined }, "params.range: either a range or a subnet / neither"],
  ["create-connector", { subnet: "connectors" }, "params.range: either a range or a subnet / both"],
  ["create-connector", { minInstances: 1 }, "params.minInstances: a whole number from 2 to 9"],
  ["create-connector", { maxInstances: 2.5 }, "params.maxInstances"],
  [
    "create-connector",
    { minInstances: 5, maxInstances: 5 },
    "params.maxInstances: more than minInstances (5)",
  ],
  ["create-connector", { machineType: "n2-standard-4" }, "params.machineType: one of f1-micro"],
  [
    "attach-egress",
    { connector: "staging" },
    "params.connector: either a connector, or a network and a subnet / both",
  ],
  [
    "attach-egress",
    { network: undefined, subnet: undefined },
    "params.connector: either a connector, or a network and a subnet / neither",
  ],
  ["attach-egress", { subnet: undefined }, "params.subnet"],
  ["attach-egress", { network: undefined }, "params.network"],
  [
    "attach-egress",
    {
      network: undefined,
      subnet: undefined,
      connector: "projects/acme-stg/locations/europe-west1/connectors/staging",
    },
    "params.connector: a connector of us-central1: one serves the services of its own region only / one of europe-west1",
  ],
  ["attach-egress", { egress: "all" }, "params.egress: private-ranges-only or all-traffic"],
  ["attach-egress", { service: 7 }, "params.service: the name of a Cloud Run service, such as api / `7`"],
  ["add-iam-binding", { member: "allUsers" }, "params.member"],
  ["add-iam-binding", { member: "deleted:serviceAccount:a@b.c?uid=1" }, "params.member"],
  ["add-iam-binding", { role: "cloudsql.client" }, "params.role"],
  ["add-iam-binding", { resource: "organizations/7" }, "params.resource"],
  ["start-sql-instance", { instance: "acme-stg:us-central1:db" }, "params.instance"],
  ["set-variable", { name: "PORT" }, "params.name"],
  ["set-variable", { name: "1ST" }, "params.name"],
  ["set-variable", { value: "two\nlines" }, "params.value"],
  ["set-variable", { name: "DB_PASSWORD", value: "hunter2-canary" }, "params.value: no secret"],
  [
    "set-variable",
    { name: "LINK", value: "postgres://app:hunter2-canary@db.acme.dev/app" },
    "a password in a URL",
  ],
];

test.each(BAD)("%s refuses %j", (kind, change, said) => {
  const given = { ...good(kind), ...change };
  const params = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const faults = faultsOf(kind, params).join("\n");
  expect(faults).toContain(said);
  expect(faults).not.toContain("canary");
});

describe.each(CASES.map((each) => [titleOf(each), each] as const))("%s", (_title, { kind, params }) => {
  test("accepts what it is meant for, and refuses what is no mapping", () => {
    expect(faultsOf(kind, params)).toEqual([]);
    for (const none of [undefined, null, "x", 7, [params]]) expect(faultsOf(kind, none)).toHaveLength(1);
  });

  test("names every fault at once", () => {
    const wrong = Object.fromEntries(Object.keys(params).map((name) => [name, { no: "text" }]));
    const paths = faultsOf(kind, wrong).map((fault) => fault.split(":")[0]);
    expect(paths).toEqual(expect.arrayContaining(Object.keys(params).map((name) => `params.${name}`)));
  });

  test("lets nothing through that a shell obeys, wherever in a name it stands", () => {
    const names = Object.entries(params).filter(
      ([name, value]) => name !== "value" && typeof value === "string",
    );
    const signs = [
      ...String.raw`; & | $ < > ( ) { } \ ' " * ? ! # ~`.split(" "),
      ..."`,\n,\r,\t, ,\u0000,\u001b,\u2028,--,-x,../,%00".split(","),
    ];
    assert(
      property(
        constantFrom(...names),
        constantFrom(...signs),
        integer({ min: 0, max: 60 }),
        ([name, value], sign, at) => {
          const text = textOf(value);
          const place = sign.startsWith("-") || sign === "../" ? 0 : at % (text.length + 1);
          const bad = { ...params, [name]: `${text.slice(0, place)}${sign}${text.slice(place)}` };
          expect(faultsOf(kind, bad).join(), JSON.stringify(bad[name])).toContain(`params.${name}`);
        },
      ),
    );
  });

  test("never throws, and takes no text that it does not know", () => {
    const [name = ""] = Object.keys(params);
    assert(
      property(string({ unit: "binary" }), (text) => {
        const parsed = gcpAction(kind).parse({ ...params, [name]: text });
        if (parsed.ok) expect(text).toMatch(/^[\w.:/@-]+$/);
        expect(gcpAction(kind).parse({ ...params, [text]: 1 }).ok).toBe(false);
      }),
    );
  });

  test("gives a command that a shell reads as what it says", () => {
    const action = gcpAction(kind);
    const parsed = action.parse(params);
    if (!parsed.ok) throw new TypeError("refused");
    const words = readByShell(action.command(parsed.params), { LOG_LEVEL: "in fo, `$(x)`" });
    expect(words[0]).toBe("gcloud");
    const said = words.join(" ");
    for (const [key, value] of Object.entries(params))
      if (key !== "resource" && key !== "value") expect(said).toContain(textOf(value));
    if (params["value"] !== undefined) expect(words).toContain("^::^LOG_LEVEL=in fo, `$(x)`");
  });

  test("needs permissions on what a plan names, and no wildcard", () => {
    const permissions = gcpAction(kind).permissions(params);
    expect(permissions.length).toBeGreaterThan(1);
    for (const { permission, resource } of permissions) {
      expect(permission).toMatch(/^[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+$/);
      expect(resource).toMatch(/^projects\/acme-stg/);
    }
  });
});

test("a value stands in no command, but that of a flag", () => {
  const action = gcpAction("set-variable");
  const place = { project: "acme-stg", region: "us-central1", service: "api" };
  expect(action.command({ ...place, name: "GREETING", value: "canary" })).not.toContain("canary");
  expect(
    action.command({ ...place, name: "ENABLE_STRICT_VALIDATION", value: "true", container: "main" }),
  ).toBe(
    "gcloud run services update api --project acme-stg --region us-central1 --container main --update-env-vars ENABLE_STRICT_VALIDATION=true",
  );
});

test.each([
  ["projects/p", "gcloud projects add-iam-policy-binding p"],
  [
    "projects/p/locations/us-central1/services/api",
    "gcloud run services add-iam-policy-binding api --region us-central1 --project p",
  ],
  ["projects/p/secrets/db_password", "gcloud secrets add-iam-policy-binding db_password --project p"],
  [
    "projects/p/serviceAccounts/run@p.iam.gserviceaccount.com",
    "gcloud iam service-accounts add-iam-policy-binding run@p.iam.gserviceaccount.com --project p",
  ],
])("a grant on %s has its own command and permissions", (resource, line) => {
  const action = gcpAction("add-iam-binding");
  const params = { resource, role: "roles/run.invoker", member: "group:qa@acme.dev" };
  expect(action.parse(params).ok).toBe(true);
  expect(action.command(params)).toBe(`${line} --member group:qa@acme.dev --role roles/run.invoker`);
  expect(action.permissions(params).map((each) => each.resource)).toEqual([resource, resource]);
});

test("any word is read back by a shell as it was", async () => {
  const { commandLine } = await import("../../../../services/remediation/actions/shell.ts");
  assert(
    property(
      array(string({ unit: "grapheme-ascii", minLength: 1 }), { minLength: 1, maxLength: 5 }),
      (words) => {
        expect(readByShell(commandLine(words))).toEqual(words);
      },
    ),
    { numRuns: 40 },
  );
});

test("the kinds are unique, and none loses anything when it is undone", () => {
  const kinds = gcpActions().map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(gcpActions().some(({ destructive }) => destructive)).toBe(false);
});

/** The words that a POSIX shell makes of a line; nothing in it is run. */
function readByShell(line: string, variables: Record<string, string> = {}): readonly string[] {
  const script = `set -f; printf '%s\\0' ${line}`;
  const output = execFileSync("/bin/sh", ["-c", script], { env: variables, encoding: "utf8" });
  return output.split("\0").slice(0, -1);
}

const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
