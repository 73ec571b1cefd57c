import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { Asked } from "../../../services/access/asked.ts";
import { createAuthenticator } from "../../../services/access/authenticator.ts";
import { createCommands } from "../../../services/access/commands.ts";
import { createGuard } from "../../../services/access/guard.ts";
import { createRefuse, REFUSAL_CODES } from "../../../services/access/refusals.ts";
import { systemClock } from "../../../services/clock.ts";
import { createRedact } from "../../../services/redact.ts";
import { googleAccess, platformAccess, sha256, tokenAccess, tokenRule } from "../../service/access.ts";

const made = { clock: systemClock, onCloudRun: false };
const asked = (authorization?: string, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
  rawHeaders: authorization === undefined ? [] : ["Authorization", authorization],
  socket: { remoteAddress: "10.0.0.1" },
});

describe("a static token", () => {
  const rules = [
    tokenRule("ci", "first-token-0123456789"),
    tokenRule("old", "second-token-0123456789"),
    tokenRule("admin", "second-token-0123456789", "operator"),
    { member: { kind: "token", name: "broken", sha256: "abcd" }, role: "operator" },
  ] as const;
  const authenticator = createAuthenticator(tokenAccess({ rules: [...rules] }), made);
  const decide = (request: Asked) => {
    const inspection = authenticator.inspect(request, Date.now());
    if (inspection.state === "anonymous") throw new Error("the request has a token");
    return inspection.state === "decided" ? inspection.decision : inspection.verify();
  };

  test("is whose hash is stored; listed twice, it has the higher role", () => {
    expect(decide(asked("Bearer first-token-0123456789"))).toMatchObject({
      principal: { id: "token:ci", role: "reader" },
      expiresAt: Number.POSITIVE_INFINITY,
    });
    expect(decide(asked("bearer second-token-0123456789"))).toMatchObject({
      principal: { id: "token:admin", role: "operator" },
    });
  });

  test("is decided at once, and from memory the second time", () => {
    expect(authenticator.inspect(asked("Bearer another-token-01"), Date.now()).state).toBe("unverified");
    expect(decide(asked("Bearer another-token-01"))).toMatchObject({ ok: false });
    expect(authenticator.inspect(asked("Bearer another-token-01"), Date.now()).state).toBe("decided");
    expect(authenticator.inspect(asked(), Date.now()).state).toBe("anonymous");
  });

  test.each([
    "abcd",
    "",
    sha256("first-token-0123456789"),
    "first-token-012345678",
    "first-token-0123456789 ",
  ])("is not %j, unless that is the token with spaces around it", (token) => {
    const decision = decide(asked(`Bearer ${token}`));
    expect(decision).toMatchObject({ ok: token.trim() === "first-token-0123456789" });
  });
});

test("every refusal names a command to run, in every mode, and none holds a credential", () => {
  const modes = [
    tokenAccess(),
    platformAccess(),
    googleAccess({ jwksUrl: "http://127.0.0.1:1/", tokenInfoUrl: "http://127.0.0.1:1/" }),
    googleAccess({ jwksUrl: "http://127.0.0.1:1/", tokenInfoUrl: "http://127.0.0.1:1/", gcloud: false }),
  ];
  const redact = createRedact([]);
  for (const mode of modes) {
    const refuse = createRefuse(createCommands(mode));
    for (const code of REFUSAL_CODES) {
      const { run, title, status } = refuse(code, "why");
      expect(run).toMatch(/^(?:curl|gcloud|greenlight) \S/);
      expect([401, 403, 429, 503]).toContain(status);
      expect(title).toMatch(/^[\w' -]+$/);
      expect(redact(title)).toBe(title);
    }
  }
});

test("the command asks for the audience where gcloud's own tokens are not accepted", () => {
  const urls = { jwksUrl: "http://127.0.0.1:1/", tokenInfoUrl: "http://127.0.0.1:1/" };
  expect(createCommands(googleAccess({ ...urls, gcloud: false })).request).toBe(
    'curl -H "Authorization: Bearer $(gcloud auth print-identity-token --audiences=https://greenlight.example)" "https://greenlight.example/health"',
  );
  expect(createCommands(googleAccess(urls)).request).toBe(
    'curl -H "Authorization: Bearer $(gcloud auth print-identity-token)" "https://greenlight.example/health"',
  );
});

test("a flood of bad tokens from many addresses leaves nothing behind, and the good caller is still known", async () => {
  const rules = [tokenRule("ci", "good-token-0123456789")];
  const limits = { perPrincipal: 1_000_000, perAddress: 20 };
  const guard = createGuard(tokenAccess({ rules, limits, trustedProxies: 1 }), made);
  const ask = (token: string, address: string) =>
    guard.admit(asked(`Bearer ${token}`, { "x-forwarded-for": address }), "reader");
  const good = () => ask("good-token-0123456789", "192.0.2.1");
  let sent = 0;
  const flood = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      sent += 1;
      const admission = ask(
        `bad-${sent}-${"x".repeat(1000)}`,
        `2001:db8:${(sent >> 16).toString(16)}:${(sent & 0xffff).toString(16)}::1`,
      );
      if (admission instanceof Promise || admission.ok) throw new Error("a bad token was admitted");
      if (index % 1000 === 0) expect(good()).toMatchObject({ ok: true });
    }
  };
  expect(good()).toMatchObject({ ok: true });
  // The memory for what is remembered fills up once.
  flood(25_000);
  const before = heapUsed();
  flood(50_000);
  expect(heapUsed() - before, "bytes").toBeLessThan(5_000_000);
  expect(guard.refused.size).toBeLessThanOrEqual(2);
  expect(good()).toMatchObject({ ok: true, principal: { id: "token:ci" } });
});

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
