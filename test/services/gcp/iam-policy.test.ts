import { array, assert, asyncProperty, constantFrom, option, property, record, subarray } from "fast-check";
import { expect, test } from "vitest";
import {
  type IamBinding,
  addMember,
  getIamPolicy,
  hasMember,
  removeMember,
  withMember,
  withoutMember,
} from "../../../services/gcp/iam-policy.ts";
import type { GcpAnswer, GcpRequest } from "../../../services/gcp/transport.ts";
import { scripted } from "../../support/google.ts";

const { signal } = new AbortController();
const ROLES = ["roles/cloudsql.client", "roles/run.invoker", "roles/editor"];
const MEMBERS = ["serviceAccount:run@p.iam.gserviceaccount.com", "user:a@example.com", "group:b@example.com"];

const bindingArbitrary = record({
  role: constantFrom(...ROLES),
  members: subarray(MEMBERS, { minLength: 1 }),
  condition: option(record({ title: constantFrom("until", "only"), expression: constantFrom("a", "b") }), {
    nil: undefined,
  }),
}).map(({ condition, ...binding }): IamBinding =>
  condition === undefined ? binding : Object.assign(binding, { condition }),
);
const bindings = array(bindingArbitrary, { maxLength: 6 });
const changeArbitrary = record({ role: constantFrom(...ROLES), member: constantFrom(...MEMBERS) });

/** Every grant there is, in the words of who, what and under which condition. */
const grantsOf = (all: readonly IamBinding[]): string[] =>
  [
    ...new Set(
      all.flatMap(({ role, members, condition }) =>
        members.map((member) => JSON.stringify([role, member, condition ?? null])),
      ),
    ),
  ].toSorted();

const grant = ({ role, member }: { role: string; member: string }): string =>
  JSON.stringify([role, member, null]);

test("adding gives exactly one grant more, and taking it away gives back what was", () => {
  assert(
    property(bindings, changeArbitrary, (before, change) => {
      const after = withMember(before, change);
      expect(grantsOf(after)).toEqual([...new Set([...grantsOf(before), grant(change)])].toSorted());
      if (!hasMember({ bindings: before }, change))
        expect(grantsOf(withoutMember(after, change))).toEqual(grantsOf(before));
    }),
  );
});

test("taking away touches no other member and no condition", () => {
  assert(
    property(bindings, changeArbitrary, (before, change) => {
      const after = withoutMember(before, change);
      expect(grantsOf(after)).toEqual(grantsOf(before).filter((each) => each !== grant(change)));
      expect(after.every(({ members }) => members.length > 0)).toBe(true);
    }),
  );
});

test("what is so already is not written", () => {
  assert(
    property(bindings, changeArbitrary, (before, change) => {
      const once = withMember(before, change);
      expect(withMember(once, change)).toBe(once);
    }),
  );
});

/** A policy that others change too: a write with an old etag is refused, as IAM does it. */
function fakePolicy(first: readonly IamBinding[], interfere: ((now: IamBinding[]) => void)[] = []) {
  let state = structuredClone([...first]);
  let etag = 1;
  const answer = ({ path, body }: GcpRequest): GcpAnswer | { json: unknown } => {
    const read = {
      version: 3,
      etag: String(etag),
      bindings: structuredClone(state),
      auditConfigs: [{ s: 1 }],
    };
    if (path.endsWith(":getIamPolicy")) {
      const other = interfere.shift();
      if (other) {
        other(state);
        etag += 1;
      }
      return { json: read };
    }
    const { policy } = body as { policy: { etag: string; bindings: IamBinding[]; auditConfigs: unknown } };
    expect(policy.auditConfigs).toEqual([{ s: 1 }]);
    if (policy.etag !== String(etag))
      return {
        kind: "failed",
        error: { code: "GCP_CONFLICT", status: 409, message: "There were concurrent policy changes." },
      };
    state = structuredClone(policy.bindings);
    etag += 1;
    return { json: { ...policy, etag: String(etag) } };
  };
  return { transport: scripted(answer), state: () => state };
}

const quick = { resource: "projects/p", signal, sleep: () => Promise.resolve(), random: () => 0.5 };

test("whatever others do between reading and writing is kept, for adding and for removing", async () => {
  await assert(
    asyncProperty(
      bindings,
      changeArbitrary,
      array(bindingArbitrary, { maxLength: 3 }),
      constantFrom(addMember, removeMember),
      async (before, change, others, act) => {
        const fake = fakePolicy(
          before,
          others.map((other) => (now) => void now.push(other)),
        );
        const written = await act(fake.transport, { ...quick, ...change });
        if (written.kind !== "ok") throw new Error(written.error.message);
        const without = (all: readonly IamBinding[]): string[] =>
          grantsOf(all).filter((each) => each !== grant(change));
        expect(without(fake.state())).toEqual(without([...before, ...othersThatCame(fake, others)]));
        // Where nothing was to be done, others may have done something since.
        if (written.value.changed)
          expect(hasMember({ bindings: fake.state() }, change)).toBe(act === addMember);
      },
    ),
    { numRuns: 60 },
  );
});

/** Those who interfered: one a reading, so fewer than there were when the first try succeeded. */
function othersThatCame(
  { transport }: ReturnType<typeof fakePolicy>,
  others: readonly IamBinding[],
): readonly IamBinding[] {
  const reads = transport.asked.filter(({ path }) => path.endsWith(":getIamPolicy")).length;
  return others.slice(0, reads);
}

const CHANGE = { role: ROLES[0] ?? "", member: MEMBERS[0] ?? "" };

test("waits longer each time, gives up after five tries, and says what it met", async () => {
  const pauses: number[] = [];
  const others = Array.from({ length: 9 }, () => (now: IamBinding[]) => {
    now.push({ role: "roles/viewer", members: ["user:x@example.com"] });
  });
  const fake = fakePolicy([], others);
  const sleep = (ms: number): Promise<void> => Promise.resolve(void pauses.push(ms));
  await expect(
    addMember(fake.transport, { ...quick, ...CHANGE, backoffMs: 100, random: () => 1, sleep }),
  ).resolves.toMatchObject({ kind: "failed", error: { code: "GCP_CONFLICT" } });
  expect(pauses).toEqual([100, 200, 400, 800]);
  expect(hasMember({ bindings: fake.state() }, CHANGE)).toBe(false);
});

test("what is there already is not written, and says so for the rollback", async () => {
  const fake = fakePolicy([{ role: CHANGE.role, members: [CHANGE.member] }]);
  await expect(addMember(fake.transport, { ...quick, ...CHANGE })).resolves.toEqual({
    kind: "ok",
    value: { changed: false, etagBefore: "1", etagAfter: "1" },
  });
  expect(fake.transport.asked).toHaveLength(1);
});

test("asks for version 3, where each API wants that said", async () => {
  const fake = fakePolicy([]);
  const resources = [
    "projects/p",
    "projects/p/locations/r/services/s",
    "projects/p/secrets/s",
    "projects/p/serviceAccounts/a@p.iam.gserviceaccount.com",
  ];
  for (const resource of resources) await getIamPolicy(fake.transport, { resource, signal });
  expect(
    fake.transport.asked.map(({ api, method, path, query, body }) => ({ api, method, path, query, body })),
  ).toEqual([
    {
      api: "cloudresourcemanager",
      method: "POST",
      path: "/v1/projects/p:getIamPolicy",
      body: { options: { requestedPolicyVersion: 3 } },
    },
    {
      api: "run",
      method: "GET",
      path: "/v2/projects/p/locations/r/services/s:getIamPolicy",
      query: { "options.requestedPolicyVersion": "3" },
    },
    {
      api: "secretmanager",
      method: "GET",
      path: "/v1/projects/p/secrets/s:getIamPolicy",
      query: { "options.requestedPolicyVersion": "3" },
    },
    {
      api: "iam",
      method: "POST",
      path: "/v1/projects/p/serviceAccounts/a%40p.iam.gserviceaccount.com:getIamPolicy",
      query: { "options.requestedPolicyVersion": "3" },
    },
  ]);
});

test("writes version 3 as soon as there is a condition, or IAM would drop it", async () => {
  const condition = { title: "until", expression: "request.time < timestamp('2027-01-01T00:00:00Z')" };
  const transport = scripted(({ path, body }) => ({
    json: path.endsWith(":getIamPolicy")
      ? { version: 1, etag: "e", bindings: [{ role: "r", members: ["user:x@y.z"], condition }] }
      : { ...(body as { policy: object }).policy, etag: "f" },
  }));
  await addMember(transport, { ...quick, ...CHANGE });
  expect(transport.asked[1]?.body).toMatchObject({
    policy: { version: 3, etag: "e", bindings: [{ condition }, { role: CHANGE.role }] },
  });
});

test("a policy without an etag is refused: writing it back would overwrite others", async () => {
  const transport = scripted(() => ({ json: { bindings: [] } }));
  await expect(addMember(transport, { ...quick, ...CHANGE })).resolves.toMatchObject({
    kind: "failed",
    error: { code: "GCP_MALFORMED" },
  });
  expect(transport.asked).toHaveLength(1);
});
