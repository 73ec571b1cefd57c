import { expect, test } from "vitest";
import { asText, docOf, listOf } from "../../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../../src/sandbox/gcp/names.ts";
import type { World } from "../../../../src/sandbox/gcp/world.ts";
import { type Acting, startActing } from "../../../support/gcp-actions.ts";
import { addVariable, eachTemplate } from "./gcp-cases.ts";

const { project, region } = acme;
const place = { project, region, service: "greenlight-api" };
const UID = "0c8f0c26-1d61-4d0d-8d53-6b4f0a6a4b11";

const withId = (world: World): void =>
  void Object.assign(docOf(world.services.get(acme.service)), { uid: UID });
const envOf = ({ gcp }: Acting) => {
  const template = docOf(docOf(gcp.world.services.get(acme.service))["template"]);
  return listOf(docOf(listOf(template["containers"])[0])["env"]).map(docOf);
};
const withSecond = (world: World): void =>
  eachTemplate(world, (template) => {
    const [first] = listOf(template["containers"]);
    template["containers"] = [
      { ...docOf(first), name: "main" },
      { name: "proxy", image: "envoy" },
    ];
  });

test("the values of variables are in no change, prior state, outcome or command; equal ones look equal", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => {
    addVariable(world, "GREETING", "former-canary");
    withId(world);
  });
  const params = { ...place, name: "GREETING", value: "latter-canary" };
  const step = await acting.begin("set-variable", params);
  const { change } = step.assessment;
  expect(change).toMatchObject({
    symbol: "~",
    before: { GREETING: expect.stringMatching(/^fp:[\da-f]{16}$/) as unknown },
    after: { GREETING: expect.stringMatching(/^fp:[\da-f]{16}$/) as unknown },
  });
  expect(docOf(change.before)["GREETING"]).not.toEqual(docOf(change.after)["GREETING"]);
  const outcomes = [await step.apply(), await step.settled(), await step.rolledBack()];
  const said = JSON.stringify([step.assessment, outcomes, step.action.command(params)]);
  expect(said).not.toContain("canary");
});

test("a sentence of Google's that quotes a value is told without it", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => addVariable(world, "GREETING", "former-canary"));
  const step = await acting.begin("set-variable", { ...place, name: "GREETING", value: "latter-canary" });
  const body = { error: { code: 400, message: "Invalid value 'latter-canary' after 'former-canary'." } };
  acting.gcp.inject({ method: "PATCH", fault: { kind: "answer", status: 400, body } });
  expect(await step.apply()).toMatchObject({
    kind: "failed",
    because: expect.stringMatching(/Invalid value '\[redacted\]' after '\[redacted\]'/) as unknown,
  });
});

test("without an id of the service that nobody can guess, not even a fingerprint is shown", async () => {
  await using acting = await startActing();
  const step = await acting.begin("set-variable", { ...place, name: "GREETING", value: "canary" });
  expect(step.assessment.change).toMatchObject({ symbol: "+", before: { GREETING: null } });
  expect(step.assessment.change.after).toEqual({ GREETING: "set, and not shown" });
});

test("a known flag is shown as it is", async () => {
  await using acting = await startActing();
  const params = { ...place, name: "ENABLE_STRICT_VALIDATION" };
  const step = await acting.begin("set-variable", { ...params, value: "false" });
  expect(step.assessment.change).toEqual({
    symbol: "~",
    target: "run service greenlight-api (acme-stg, us-central1)",
    before: { ENABLE_STRICT_VALIDATION: "true" },
    after: { ENABLE_STRICT_VALIDATION: "false" },
  });
  expect((await acting.begin("set-variable", params)).assessment.change.symbol).toBe("-");
  expect(await acting.assess("set-variable", { ...params, value: "true" })).toMatchObject({
    kind: "satisfied",
  });
});

test("the order of variables is as before after a way there and back", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => {
    addVariable(world, "A_LAST", "1");
    addVariable(world, "GREETING", "hello");
    addVariable(world, "A_FIRST", "1");
  });
  const before = envOf(acting);
  const step = await acting.begin("set-variable", { ...place, name: "GREETING" });
  await step.apply();
  await step.settled();
  expect(envOf(acting).map(({ name }) => name)).toEqual([
    "A_FIRST",
    "A_LAST",
    "ENABLE_STRICT_VALIDATION",
    "DB_PASSWORD",
  ]);
  await step.rolledBack();
  expect(envOf(acting)).toEqual(before);
});

test("variables that others set meanwhile stay, there and back", async () => {
  await using acting = await startActing();
  const step = await acting.begin("set-variable", { ...place, name: "GREETING", value: "hello" });
  const add = (name: string) => (): void => {
    addVariable(acting.gcp.world, name, "theirs");
    Object.assign(docOf(acting.gcp.world.services.get(acme.service)), { etag: `"${name}"` });
  };
  acting.gcp.inject({ method: "PATCH", nth: 2, fault: { kind: "first", act: add("FIRST") } });
  await step.apply();
  expect(await step.settled()).toMatchObject({ kind: "done" });
  acting.gcp.inject({ method: "PATCH", fault: { kind: "first", act: add("SECOND") } });
  await step.rolledBack();
  const names = envOf(acting).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["FIRST", "SECOND"]));
  expect(names).not.toContain("GREETING");
});

test("a value that somebody else has set since is kept", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => addVariable(world, "GREETING", "hello"));
  const step = await acting.begin("set-variable", { ...place, name: "GREETING", value: "bye" });
  await step.apply();
  await step.settled();
  acting.gcp.edit((world) =>
    eachTemplate(world, (template) => {
      const env = listOf(docOf(listOf(template["containers"])[0])["env"]).map(docOf);
      Object.assign(docOf(env.find(({ name }) => name === "GREETING")), { value: "theirs" });
    }),
  );
  expect(await step.locate()).toBe("elsewhere");
  expect(await step.rollback()).toMatchObject({ kind: "done" });
  expect(envOf(acting).find(({ name }) => name === "GREETING")).toMatchObject({ value: "theirs" });
});

test("what comes from Secret Manager is neither replaced nor removed", async () => {
  await using acting = await startActing();
  for (const given of [{}, { value: "true" }])
    expect(await acting.assess("set-variable", { ...place, name: "DB_PASSWORD", ...given })).toMatchObject({
      kind: "refused",
      because: expect.stringContaining("comes from secret db-password") as unknown,
    });
  // One that becomes a reference after the plan was made is somebody else's.
  const step = await acting.begin("set-variable", { ...place, name: "GREETING", value: "hello" });
  const valueSource = { secretKeyRef: { secret: "db-password", version: "latest" } };
  acting.gcp.edit((world) =>
    eachTemplate(world, (template) => {
      const container = docOf(listOf(template["containers"])[0]);
      container["env"] = [...listOf(container["env"]), { name: "GREETING", valueSource }];
    }),
  );
  const before = acting.gcp.snapshot();
  expect(await step.apply()).toMatchObject({ kind: "failed" });
  expect(acting.gcp.snapshot()).toEqual(before);
});

test("switching a protection off is refused, switching it on again is not", async () => {
  await using acting = await startActing();
  const name = "SKIP_AUTH";
  expect(await acting.assess("set-variable", { ...place, name, value: "1" })).toMatchObject({
    kind: "refused",
    because: expect.stringContaining("switches a protection off") as unknown,
  });
  expect(await acting.assess("set-variable", { ...place, name, value: "false" })).toMatchObject({
    kind: "needed",
  });
});

test("of several containers one has to be named, and the others stay as they are", async () => {
  await using acting = await startActing();
  acting.gcp.edit(withSecond);
  const params = { ...place, name: "GREETING", value: "hello" };
  expect(await acting.assess("set-variable", params)).toMatchObject({
    kind: "refused",
    because: expect.stringContaining("2 containers (main, proxy): name one") as unknown,
  });
  expect(await acting.assess("set-variable", { ...params, container: "other" })).toMatchObject({
    kind: "refused",
  });
  const before = acting.gcp.snapshot();
  const step = await acting.begin("set-variable", { ...params, container: "proxy" });
  await step.apply();
  await step.settled();
  const template = docOf(docOf(acting.gcp.world.services.get(acme.service))["template"]);
  expect(listOf(template["containers"])[1]).toEqual({
    name: "proxy",
    image: "envoy",
    env: [{ name: "GREETING", value: "hello" }],
  });
  await step.rolledBack();
  expect(acting.gcp.snapshot()).toEqual(before);
});

test("a value that could not be put back, since no revision holds it, is not touched", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => {
    addVariable(world, "GREETING", "hello");
    world.revisions.delete(asText(docOf(world.services.get(acme.service))["latestReadyRevision"]));
  });
  expect(await acting.assess("set-variable", { ...place, name: "GREETING" })).toMatchObject({
    kind: "refused",
    because: expect.stringContaining("could not be put back") as unknown,
  });
});

test("a revision that is deleted before the way back is named, and nothing is guessed", async () => {
  await using acting = await startActing();
  acting.gcp.edit((world) => addVariable(world, "GREETING", "hello"));
  const step = await acting.begin("set-variable", { ...place, name: "GREETING" });
  await step.apply();
  await step.settled();
  acting.gcp.edit(({ revisions }) => revisions.delete(`${acme.service}/revisions/greenlight-api-00007-abc`));
  const before = acting.gcp.snapshot();
  expect(await step.rollback()).toMatchObject({
    kind: "failed",
    because: expect.stringContaining("greenlight-api-00007-abc does not exist") as unknown,
  });
  await expect(step.locate()).rejects.toMatchObject({ code: "POSITION_UNKNOWN" });
  expect(acting.gcp.snapshot()).toEqual(before);
});
