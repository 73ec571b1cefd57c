import { describe, expect, test } from "vitest";
import type { Clock } from "../../../../services/clock.ts";
import { createAddIamBinding } from "../../../../services/remediation/actions/add-iam-binding.ts";
import { createEnableApi } from "../../../../services/remediation/actions/enable-api.ts";
import { docOf } from "../../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../../src/sandbox/gcp/names.ts";
import type { Binding } from "../../../../src/sandbox/gcp/policies.ts";
import type { World } from "../../../../src/sandbox/gcp/world.ts";
import { type Acting, startActing } from "../../../support/gcp-actions.ts";

const { project } = acme;
const RESOURCE = `projects/${project}`;
const GRANT = {
  resource: RESOURCE,
  role: "roles/cloudsql.client",
  member: `serviceAccount:${acme.runtime}`,
};

const change = (world: World, edit: (bindings: Binding[]) => Binding[]): void => {
  const { bindings } = world.policies.read(RESOURCE);
  world.policies.write(RESOURCE, { version: 3, bindings: edit(bindings) });
};
const noRole = (world: World): void =>
  change(world, (bindings) => bindings.filter(({ role }) => role !== GRANT.role));
const bindingsOf = ({ gcp }: Acting, role: string): readonly Binding[] =>
  gcp.world.policies.read(RESOURCE).bindings.filter((each) => each.role === role);
const withCode = (status: number, message: string) =>
  ({ kind: "answer", status, body: { error: { code: status, message } } }) as const;

const settingsOf = (world: World) => docOf(docOf(world.sql.get(acme.sql))["settings"]);

const patches = ({ gcp }: Acting) => gcp.requests().filter(({ method }) => method === "PATCH");

const running = (insertTime: string) => ({
  items: [{ name: "o", operationType: "UPDATE", status: "RUNNING", insertTime }],
});

const stop = (world: World): void => void Object.assign(settingsOf(world), { activationPolicy: "NEVER" });

describe("add-iam-binding", () => {
  test("is pending until it is in force, which whoever is granted it can tell by asking for itself", async () => {
    await using acting = await startActing({ durations: { iam: 150 } });
    acting.gcp.edit(noRole);
    const step = await acting.begin("add-iam-binding", GRANT);
    expect(step.prior).toMatchObject({ held: false });
    expect(await step.apply()).toMatchObject({ kind: "pending" });
    expect(await step.settle()).toMatchObject({
      kind: "pending",
      because: expect.stringContaining("at times more than 7") as unknown,
    });
    expect(await step.locate()).toBe("after");
    expect(await step.settled()).toMatchObject({
      kind: "done",
      evidence: expect.stringContaining("in force") as unknown,
    });
  });

  test("of somebody who cannot be asked counts as in force after a time, also after a crash", async () => {
    await using acting = await startActing();
    const params = { ...GRANT, member: `serviceAccount:${acme.remediator}` };
    let now = 1_000_000;
    const clock: Clock = { now: () => now, monotonic: () => now };
    const can = { ...acting.can, clock };
    const found = await createAddIamBinding({ spreadMs: 120_000 }).assess(params, can, acting.signal);
    if (found.kind !== "needed") throw new TypeError(found.kind);
    // Whoever reads holds the role already, so that its holding it proves nothing.
    expect(found.prior).toMatchObject({ held: true });
    await createAddIamBinding({ spreadMs: 120_000 }).apply(params, found.prior, can, acting.signal);
    now += 119_000;
    expect(
      await createAddIamBinding({ spreadMs: 120_000 }).settle(params, found.prior, can, acting.signal),
    ).toMatchObject({ kind: "pending" });
    now += 1000;
    expect(
      await createAddIamBinding({ spreadMs: 120_000 }).settle(params, found.prior, can, acting.signal),
    ).toMatchObject({ kind: "done" });
  });

  test("proves nothing by what is held when nobody could tell what was held before", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noRole);
    acting.gcp.inject({ path: "/roles/", times: 9, fault: withCode(403, "no") });
    const step = await acting.begin("add-iam-binding", GRANT);
    expect(step.prior).toMatchObject({ held: null });
    acting.gcp.clearFaults();
    await step.apply();
    expect(await step.settle()).toMatchObject({ kind: "pending" });
  });

  test("keeps conditions and what others add meanwhile, and takes back its own member alone", async () => {
    await using acting = await startActing();
    const condition = { title: "nights", expression: "request.time.getHours() < 6" };
    const theirs = { role: GRANT.role, members: [GRANT.member], condition };
    acting.gcp.edit(noRole);
    acting.gcp.edit((world) => change(world, (bindings) => [...bindings, theirs]));
    const step = await acting.begin("add-iam-binding", GRANT);
    const add = (member: string) => (): void =>
      change(acting.gcp.world, (bindings) => [
        ...bindings.filter(({ role, condition: of }) => role !== GRANT.role || of !== undefined),
        {
          role: GRANT.role,
          members: [
            ...bindings
              .filter(({ role, condition: of }) => role === GRANT.role && of === undefined)
              .flatMap(({ members }) => members),
            member,
          ],
        },
      ]);
    acting.gcp.inject({ path: /:setIamPolicy$/, fault: { kind: "first", act: add("user:ann@acme.dev") } });
    await step.apply();
    expect(await step.settled()).toMatchObject({ kind: "done" });
    acting.gcp.inject({ path: /:setIamPolicy$/, fault: { kind: "first", act: add("user:ben@acme.dev") } });
    expect(await step.rolledBack()).toMatchObject({ kind: "done" });
    expect(bindingsOf(acting, GRANT.role)).toEqual(
      expect.arrayContaining([
        theirs,
        { role: GRANT.role, members: ["user:ann@acme.dev", "user:ben@acme.dev"] },
      ]),
    );
    expect(acting.gcp.world.policies.read(RESOURCE).version).toBe(3);
  });

  test("where somebody is faster every time, it gives up and has changed nothing", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noRole);
    const step = await acting.begin("add-iam-binding", GRANT);
    acting.gcp.inject({
      path: /:setIamPolicy$/,
      times: 99,
      fault: withCode(409, "There were concurrent policy changes."),
    });
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("concurrent policy changes") as unknown,
    });
    expect(bindingsOf(acting, GRANT.role)).toEqual([]);
  });

  test("says what to do about the members that Google does not take", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noRole);
    const step = await acting.begin("add-iam-binding", GRANT);
    acting.gcp.inject({
      path: /:setIamPolicy$/,
      fault: withCode(400, "Service account x@y does not exist."),
    });
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("a slip in its name") as unknown,
    });
    const said = "One or more users named in the policy do not belong to a permitted customer.";
    acting.gcp.inject({ path: /:setIamPolicy$/, fault: withCode(400, said) });
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("organisation policy") as unknown,
    });
  });

  test.each([
    [
      "vpcaccess.user for the account a service runs as",
      { role: "roles/vpcaccess.user" },
      /does not use the connector.*roles\/run\.serviceAgent/,
    ],
    ["a role that gives away everything", { role: "roles/editor" }, /far more/],
    ["a role of nowhere", { role: "roles/nothing.here" }, /there is no role roles\/nothing\.here/],
    ["a database role on a secret", { resource: acme.secret }, /on the project of the instance/],
  ])("refuses %s", async (_what, given, said) => {
    await using acting = await startActing();
    acting.gcp.edit(noRole);
    const found = await acting.assess("add-iam-binding", { ...GRANT, ...given });
    expect(found).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(found)).toMatch(said);
  });

  test("grants vpcaccess.user to Cloud Run's agent, which a Shared VPC needs", async () => {
    await using acting = await startActing();
    const params = { ...GRANT, role: "roles/vpcaccess.user", member: `serviceAccount:${acme.agent}` };
    expect(await acting.assess("add-iam-binding", params)).toMatchObject({ kind: "needed" });
  });

  test("refuses the database role in a project that owns no instance", async () => {
    await using acting = await startActing();
    acting.gcp.edit((world) => {
      noRole(world);
      world.sql.clear();
    });
    expect(await acting.assess("add-iam-binding", GRANT)).toMatchObject({
      kind: "refused",
      because: expect.stringContaining("in the project that owns the instance") as unknown,
    });
    // Not to be allowed to list them is no proof.
    acting.gcp.inject({ api: "sqladmin", fault: withCode(403, "no") });
    expect(await acting.assess("add-iam-binding", GRANT)).toMatchObject({ kind: "needed" });
  });
});

describe("enable-api", () => {
  const API = { project, api: "sqladmin" };
  const off = (world: World): void =>
    void world.projects.get(project)?.enabled.delete("sqladmin.googleapis.com");

  test("is pending while Google still refuses the API, and done when it answers", async () => {
    await using acting = await startActing();
    acting.gcp.edit(off);
    const step = await acting.begin("enable-api", API);
    expect(step.params).toEqual({ project, api: "sqladmin.googleapis.com" });
    await step.apply();
    await step.settled();
    const body = {
      error: { code: 403, message: "It is disabled.", errors: [{ reason: "accessNotConfigured" }] },
    };
    acting.gcp.inject({ api: "sqladmin", fault: { kind: "answer", status: 403, body } });
    expect(await step.settle()).toMatchObject({
      kind: "pending",
      because: expect.stringContaining("has not told everybody yet") as unknown,
    });
    expect(await step.settle()).toMatchObject({ kind: "done" });
  });

  test("refuses an API that Google does not know, and does not know of it without an answer", async () => {
    await using acting = await startActing();
    expect(await acting.assess("enable-api", { project, api: "nothing" })).toMatchObject({ kind: "refused" });
    acting.gcp.edit(({ projects }) => projects.get(project)?.enabled.delete("serviceusage.googleapis.com"));
    expect(await acting.assess("enable-api", API)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining("serviceusage.googleapis.com is off") as unknown,
    });
  });

  test("whose operation fails has failed, and one that never ends stays pending both ways", async () => {
    await using acting = await startActing();
    acting.gcp.edit(off);
    const step = await acting.begin("enable-api", API);
    acting.gcp.planOperation({
      api: "serviceusage",
      outcome: { code: 9, message: "Billing must be enabled." },
    });
    await step.apply();
    expect(await step.settled()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("Billing must be enabled") as unknown,
    });
    acting.gcp.planOperation({ api: "serviceusage", outcome: "never" });
    await step.apply();
    expect(await step.settle()).toMatchObject({ kind: "pending" });
    expect(await step.rollback()).toMatchObject({ kind: "pending" });
  });

  test("after a crash does not take off for taken back while it may still be coming on", async () => {
    await using acting = await startActing();
    acting.gcp.edit(off);
    let now = 1_000_000;
    const can = { ...acting.can, clock: { now: () => now, monotonic: () => now } };
    const params = { project, api: "sqladmin.googleapis.com" };
    const found = await createEnableApi().assess(params, can, acting.signal);
    if (found.kind !== "needed") throw new TypeError(found.kind);
    const roll = async () => createEnableApi().rollback(params, found.prior, can, acting.signal);
    expect(await roll()).toMatchObject({ kind: "pending" });
    now += 30_000;
    expect(await roll()).toMatchObject({ kind: "done" });
  });
});

describe("start-sql-instance", () => {
  const START = { project, instance: "db" };

  test("writes with the version that it read, and is pending until the operation ends", async () => {
    await using acting = await startActing();
    acting.gcp.edit(stop);
    const step = await acting.begin("start-sql-instance", START);
    expect(await step.apply()).toMatchObject({ kind: "pending" });
    expect(patches(acting).map(({ body }) => body)).toEqual([
      { settings: { activationPolicy: "ALWAYS", settingsVersion: "12" } },
    ]);
    expect(await step.locate()).toBe("between");
    expect(await step.settled()).toMatchObject({ kind: "done" });
  });

  test("is left on when others have changed its settings since", async () => {
    await using acting = await startActing();
    acting.gcp.edit(stop);
    const step = await acting.begin("start-sql-instance", START);
    await step.apply();
    await step.settled();
    acting.gcp.edit(
      (world) => void Object.assign(settingsOf(world), { tier: "db-custom-2-7680", settingsVersion: "14" }),
    );
    expect(await step.locate()).toBe("elsewhere");
    acting.gcp.forget();
    expect(await step.rollback()).toMatchObject({
      kind: "done",
      evidence: expect.stringContaining("left on") as unknown,
    });
    expect(patches(acting)).toEqual([]);
  });

  test("whose operation fails, never ends or is lost is told apart", async () => {
    await using acting = await startActing();
    acting.gcp.edit(stop);
    const step = await acting.begin("start-sql-instance", START);
    acting.gcp.planOperation({ api: "sqladmin", outcome: { code: 500, message: "quotaExceeded: no room" } });
    await step.apply();
    expect(await step.settled()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("no room") as unknown,
    });
    acting.gcp.planOperation({ api: "sqladmin", outcome: "lost" });
    await step.apply();
    expect(await step.settled()).toMatchObject({ kind: "done" });
    await step.rolledBack();
    acting.gcp.planOperation({ api: "sqladmin", outcome: "never" });
    await step.apply();
    expect(await step.settle()).toMatchObject({ kind: "pending" });
    expect(await step.rollback()).toMatchObject({ kind: "pending" });
  });

  test("after a crash waits for the operation that the list of operations shows", async () => {
    await using acting = await startActing();
    acting.gcp.edit(stop);
    const step = await acting.begin("start-sql-instance", START);
    await step.apply();
    const list = (body: unknown): void =>
      acting.gcp.inject({ path: /operations$/, fault: { kind: "answer", status: 200, body } });
    list(running(new Date().toISOString()));
    expect(await step.anew().rollback()).toMatchObject({ kind: "pending" });
    list(running(new Date().toISOString()));
    expect(await step.anew().locate()).toBe("between");
    list(running(new Date().toISOString()));
    expect(await step.anew().apply()).toMatchObject({ kind: "pending" });
    // Somebody's of long ago is not ours.
    await step.settled();
    list(running("2020-01-01T00:00:00Z"));
    expect(await step.anew().locate()).toBe("after");
    expect(patches(acting)).toHaveLength(1);
  });

  test("while another operation is under way, it waits; while settings change each time, it gives up", async () => {
    await using acting = await startActing();
    acting.gcp.edit(stop);
    const step = await acting.begin("start-sql-instance", START);
    acting.gcp.inject({
      method: "PATCH",
      times: 99,
      fault: withCode(409, "another operation was in progress"),
    });
    expect(await step.apply()).toMatchObject({ kind: "pending" });
    acting.gcp.clearFaults();
    acting.gcp.inject({ method: "PATCH", times: 99, fault: withCode(412, "Condition does not match.") });
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("others keep changing") as unknown,
    });
  });

  test.each([
    [{ state: "SUSPENDED", suspensionReason: ["BILLING_ISSUE"] }, /SUSPENDED \(BILLING_ISSUE\)/],
    [{ state: "FAILED" }, /restored or cloned by a person/],
    [{ state: "PENDING_DELETE" }, /being deleted/],
  ])("refuses an instance that starting does not cure: %j", async (given, said) => {
    await using acting = await startActing();
    acting.gcp.edit((world) => {
      stop(world);
      Object.assign(docOf(world.sql.get(acme.sql)), given);
    });
    const found = await acting.assess("start-sql-instance", START);
    expect(found).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(found)).toMatch(said);
  });

  test("says that there is none, and does not say so of one that it may not see", async () => {
    await using acting = await startActing();
    expect(await acting.assess("start-sql-instance", { project, instance: "other" })).toMatchObject({
      kind: "refused",
    });
    acting.gcp.inject({
      api: "sqladmin",
      fault: withCode(403, "The client is not authorized to make this request."),
    });
    expect(await acting.assess("start-sql-instance", START)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining("whether it exists is not known") as unknown,
    });
  });
});
