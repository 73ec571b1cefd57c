import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Member } from "../../services/access/options.ts";
import { DURATION_PATTERN, formatDuration, parseDuration } from "../../services/duration.ts";
import { formatFaults } from "../../src/config/format.ts";
import { escapeInterpolation, interpolate } from "../../src/config/interpolate.ts";
import { readKeyTable } from "../../src/config/keys.ts";
import { loadConfig } from "../../src/config/load.ts";
import { formatMember, parseMember } from "../../src/config/members.ts";

const CANARY = "Xk9canaryQz7";
const PIECES = ["${", "$${", "}", "$", ":-", "A", "b", "{", " "];
const tricky = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })))
  .map((parts) => parts.join(""));
const name = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/);

describe("durations", () => {
  test("whole milliseconds survive the round trip", () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), (ms) => {
        expect(formatDuration(ms)).toMatch(DURATION_PATTERN);
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  test("only a number with a unit is one", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Number.isNaN(parseDuration(text))).toBe(!DURATION_PATTERN.test(text));
      }),
    );
  });
});

describe("interpolation", () => {
  test("escaped text comes back as it was", () => {
    fc.assert(
      fc.property(tricky, (text) => {
        expect(interpolate(escapeInterpolation(text), {})).toEqual({ text, problems: [], names: [] });
      }),
    );
  });

  test("a variable's value goes in verbatim and is not interpolated again", () => {
    fc.assert(
      fc.property(name, tricky, tricky, (variable, value, around) => {
        fc.pre(value !== "");
        const before = escapeInterpolation(around.replace(/\$+$/, ""));
        const result = interpolate(`${before}\${${variable}}`, { [variable]: value });
        expect(result.text).toBe(`${around.replace(/\$+$/, "")}${value}`);
      }),
    );
  });

  test("an unset variable gives its default, or is named", () => {
    fc.assert(
      fc.property(name, fc.stringMatching(/^[^}]*$/), (variable, fallback) => {
        expect(interpolate(`\${${variable}:-${fallback}}`, {}).text).toBe(fallback);
        const { problems } = interpolate(`\${${variable}}`, {});
        expect(problems).toEqual([{ kind: "missing", name: variable, empty: false }]);
      }),
    );
  });
});

const scheme = fc.constantFrom(
  "postgres",
  "postgresql",
  "http",
  "https",
  "clickhouse",
  "redis",
  "ws",
  "wss",
  "tcp",
  "tls",
  "mysql",
  "x",
  "",
);
const separator = fc.constantFrom("://", ":", "//", ":/", "");
const junk = fc.oneof(
  fc.constantFrom("@", ":", "/", "?", "#", "%", "%zz", " ", "\n", "[", "]", ",", "h", "1", "="),
  fc.string({ maxLength: 3 }),
);
const dirtyUrl = fc
  .tuple(scheme, separator, fc.array(junk, { maxLength: 6 }), fc.array(junk, { maxLength: 6 }))
  .map(([start, between, before, after]) => `${start}${between}${before.join("")}${CANARY}${after.join("")}`);

/** A token where a member belongs, whatever is before and after it. */
const dirtyMember = fc
  .tuple(
    fc.constantFrom(
      "",
      "token:",
      "token:ci:",
      "user:",
      "serviceAccount:",
      "domain:",
      "group:",
      "Bearer ",
      "user:a@",
    ),
    fc.string({ maxLength: 3 }),
    fc.constantFrom("", ":", "@example.com", ".iam.gserviceaccount.com", ",token:x"),
  )
  .map(([start, between, end]) => `${start}${between}${CANARY}${end}`)
  // These name a person or a domain, which messages may repeat.
  .filter((member) => !/^(?:user|serviceAccount|domain):[\w.@-]+$/.test(member));

const rows = readKeyTable().rows.filter((row) => row.secret && !row.path.includes("[]"));
const environment = fc.record({
  DATABASE_URL: fc.option(dirtyUrl, { nil: undefined }),
  CLICKHOUSE_URL: fc.option(dirtyUrl, { nil: undefined }),
  REDIS_URL: fc.option(dirtyUrl, { nil: undefined }),
  AUTH_URL: fc.option(dirtyUrl, { nil: undefined }),
  AUTH_MOCK_URL: fc.option(dirtyUrl, { nil: undefined }),
  WEBSOCKET_URL: fc.option(dirtyUrl, { nil: undefined }),
  GREENLIGHT_ACCESS_MODE: fc.constantFrom(undefined, "token", "google"),
  GREENLIGHT_ACCESS_READERS: fc.option(dirtyMember, { nil: undefined }),
  GREENLIGHT_UNKNOWN: fc.constantFrom(undefined, CANARY),
});

/** URLs at any key, quoted or not, whole files of fragments, wrong types where a secret belongs. */
const dirtyFile = fc.oneof(
  fc
    .tuple(fc.constantFrom("postgres", "clickhouse", "redis"), dirtyUrl)
    .map(([kind, url]) => `dependencies:\n  ${kind}:\n    url: ${url}\n`),
  fc
    .tuple(fc.constantFrom(...readKeyTable().rows.map((row) => row.path)), dirtyUrl)
    .map(([path, url]) =>
      JSON.stringify(
        path.split(".").reduceRight<unknown>((value, key) => ({ [key]: value }), `s://u:${url}@h`),
      ),
    ),
  dirtyMember.map((member) =>
    JSON.stringify({ access: { mode: "token", operators: ["user:a@b.cd", member] } }),
  ),
  dirtyUrl.map((url) =>
    JSON.stringify({
      dependencies: {
        auth: { candidates: [{ name: "a", kind: "real", url, issuer: url, clientSecret: url }] },
        http: [{ name: "b", url }],
        tcp: [{ name: "c", url }],
      },
    }),
  ),
  fc
    .constantFrom(...rows.map((row) => row.path))
    .map((path) =>
      JSON.stringify(path.split(".").reduceRight<unknown>((value, key) => ({ [key]: value }), { a: CANARY })),
    ),
  fc
    .array(
      fc.constantFrom(
        "dependencies",
        ":",
        "\n",
        "  ",
        "postgres",
        "url",
        "- ",
        "{",
        "}",
        `"`,
        `s://u:${CANARY}@h`,
        `*a://${CANARY}`,
        "&a ",
        "!t ",
        "|",
        "? ",
        "<<",
        "[",
      ),
    )
    .map((parts) => parts.join("")),
);

const key = fc.constantFrom(
  "dependencies",
  "postgres",
  "url",
  "probe",
  "groups",
  "__proto__",
  "constructor",
  "key",
  "assert",
);
const anyTree = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.jsonValue(),
    fc.dictionary(fc.oneof(key, fc.string()), tie("tree")),
    fc.array(tie("tree")),
  ),
})).tree;

const label = fc.stringMatching(/^[a-z\d](?:[a-z\d-]{0,8}[a-z\d])?$/);
const domain = fc.tuple(label, label).map(([first, second]) => `${first}.${second}.example`);
const email = fc
  .tuple(fc.stringMatching(/^[a-z\d][\w.+-]{0,12}$/), domain)
  .map((parts) => parts.join("@").toLowerCase());
const member: fc.Arbitrary<Member> = fc.oneof(
  email.map((email) => ({ kind: "user" as const, email })),
  label.map((id) => ({ kind: "serviceAccount" as const, email: `ci@${id}.iam.gserviceaccount.com` })),
  domain.map((domain) => ({ kind: "domain" as const, domain })),
  fc
    .tuple(fc.stringMatching(/^[A-Za-z\d][\w.-]{0,12}$/), fc.stringMatching(/^[\da-f]{64}$/))
    .map(([name, sha256]) => ({ kind: "token" as const, name, sha256 })),
);

describe("members", () => {
  test("what is written is read back as it was", () => {
    fc.assert(
      fc.property(member, (given) => {
        expect(parseMember(formatMember(given))).toEqual({ ok: true, member: given });
      }),
    );
  });

  test("whatever is read is written the same way, and nothing throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), dirtyMember), (text) => {
        const result = parseMember(text);
        if (result.ok) expect(formatMember(result.member).toLowerCase()).toBe(text.toLowerCase());
      }),
    );
  });
});

describe("loadConfig", () => {
  test("no fault shows a password, whatever is malformed around it", async () => {
    await fc.assert(
      fc.asyncProperty(environment, fc.option(dirtyFile, { nil: undefined }), async (env, text) => {
        const file = text === undefined ? undefined : { path: "greenlight.yaml", text };
        const result = await loadConfig({ env, file });
        const shown = result.ok
          ? JSON.stringify([result.warnings, result.sources])
          : formatFaults(result.faults) + JSON.stringify(result.faults);
        expect(shown).not.toContain(CANARY);
      }),
      { numRuns: 2000 },
    );
  });

  test("never throws, for any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: "binary" }), tricky), async (text) => {
        await expect(loadConfig({ env: {}, file: { path: "f", text } })).resolves.toBeTypeOf("object");
      }),
      { numRuns: 500 },
    );
  });

  test("never throws, for any tree and any variables", async () => {
    const variables = readKeyTable().rows.flatMap(({ variable }) => variable ?? []);
    const env = fc.dictionary(fc.oneof(fc.constantFrom(...variables), fc.string()), fc.string());
    await fc.assert(
      fc.asyncProperty(anyTree, env, async (tree, env) => {
        const result = await loadConfig({ env, file: { path: "f", text: JSON.stringify(tree) } });
        if (!result.ok) expect(result.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test("deep nesting and floods of aliases are faults", async () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let i = 0; i < 8; i++)
      bomb.push(
        `b${i}: &b${i} [${Array(9)
          .fill(i ? `*b${i - 1}` : "*a")
          .join(",")}]`,
      );
    const groups = `groups:\n${bomb.map((line) => `  ${line}`).join("\n")}`;
    for (const text of ["[".repeat(50_000), "groups: {a: ".repeat(200) + "}".repeat(200), groups]) {
      expect(await loadConfig({ env: {}, file: { path: "f", text } })).toMatchObject({ ok: false });
    }
  });
});
