import { describe, expect, test } from "vitest";
import { JUNIT_LIMITS } from "../../../services/triage/junit.ts";
import { sourceOf, suiteOf, triageOf, triageText } from "./support.ts";

const RED = '<testcase name="red" time="1"><failure message="boom">text</failure></testcase>';

describe("a report that ends too early", () => {
  test("keeps the tests before its end, and says where it ended", async () => {
    const { counts, judged, faults } = await triageText(
      `<testsuites>\n<testsuite name="s">\n${RED}\n<testcase name="cut"><fail`,
    );
    expect(counts).toMatchObject({ total: 1, failed: 1 });
    expect(judged[0]?.test.name).toBe("red");
    expect(faults).toEqual([
      {
        file: "report.xml",
        line: 4,
        expected: "the report's end",
        found: "the end of the file before it",
      },
    ]);
  });

  test("at any place loses no test that was whole, and is never taken for a whole one", async () => {
    const whole = suiteOf(RED.repeat(2));
    for (let end = 0; end < whole.length; end += 1) {
      const text = whole.slice(0, end);
      const { counts, faults } = await triageText(text);
      expect(faults, text).toHaveLength(1);
      expect(counts.failed, text).toBe(text.split("</testcase>").length - 1);
    }
  });
});

describe("a report that counts more failures than its tests tell", () => {
  const GREEN = '<testcase name="green" time="1"/>';

  test("as Jest does for a file that could not be loaded, has failed that often, and says so", async () => {
    const { counts, faults, judged } = await triageText(
      `<testsuites><testsuite name="a" tests="2" failures="1" errors="1">${GREEN}${RED}</testsuite></testsuites>`,
    );
    expect(counts).toMatchObject({ total: 3, passed: 1, failed: 2 });
    expect(judged).toHaveLength(1);
    expect(faults).toEqual([
      {
        file: "report.xml",
        expected: "2 failures and errors in its tests, as a suite says of itself",
        found: "1: the others belong to no test",
      },
    ]);
  });

  test("and a failure that stands outside every test is one", async () => {
    const { counts, faults } = await triageText(
      `<testsuite name="a" failures="0" errors="1">${GREEN}<error message="setup failed"/></testsuite>`,
    );
    expect(counts).toMatchObject({ total: 2, passed: 1, failed: 1 });
    expect(faults).toHaveLength(1);
    expect((await triageText(`<testsuite>${GREEN}<failure/></testsuite>`)).counts.failed).toBe(1);
  });

  test("is told from one that counts suites within suites, or tells each failed expectation of a test", async () => {
    const two = '<testcase name="two"><failure message="a"/><failure message="b"/></testcase>';
    for (const text of [
      `<testsuites failures="7" errors="3"><testsuite failures="2"><testsuite failures="1">${RED}</testsuite><testsuite failures="1">${RED}</testsuite></testsuite></testsuites>`,
      `<testsuite failures="1">${two}</testsuite>`,
      `<testsuite failures="many" errors="-1">${RED}</testsuite>`,
      `<testsuite failures="0">${RED}</testsuite>`,
    ])
      expect((await triageText(text)).faults, text).toEqual([]);
  });
});

describe("what is no JUnit report is refused with place, expectation and finding", () => {
  test.each([
    ["an empty file", "", /a JUnit report/, /empty/],
    ["a page", "<html><body></body></html>", /<testsuites> or <testsuite>/, /<html>/],
    ["plain text", "no tests ran", /well-formed XML/, /text data outside of root/],
    ["a comment alone", "<!-- nothing -->", /well-formed XML/, /root element/],
    ["crossed elements", "<testsuites><testsuite></testsuites>", /well-formed XML/, /unexpected close tag/],
    ["an ampersand alone", suiteOf('<testcase name="a & b"/><x>;</x>'), /well-formed XML/, /entity name/],
    ["an unknown encoding", '<?xml version="1.0" encoding="klingon"?><testsuites/>', /encoding/, /klingon/],
  ])("%s", async (_what, text, expected, found) => {
    const { faults, counts } = await triageText(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.expected).toMatch(expected);
    expect(faults[0]?.found).toMatch(found);
    expect(counts.total).toBe(0);
  });

  test("a file that cannot be read, while the next one is read", async () => {
    const broken = {
      name: "gone.xml",
      // oxlint-disable-next-line require-yield
      async *open(): AsyncGenerator<Uint8Array> {
        throw Object.assign(new Error("gone"), { code: "ENOENT" });
      },
    };
    const { faults, counts } = await triageOf({ sources: [broken, sourceOf(suiteOf(RED))] });
    expect(faults).toEqual([{ file: "gone.xml", expected: "a file that can be read", found: "ENOENT" }]);
    expect(counts.total).toBe(1);
  });
});

describe("a hostile report", () => {
  test("that declares entities is refused before it has any", async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${suiteOf(RED).slice(21)}`;
    const { faults, counts } = await triageText(bomb);
    expect(faults[0]?.found).toBe("a DOCTYPE");
    expect(counts.total).toBe(0);
  });

  test.each([
    ["elements inside each other", "<testsuites>" + "<testsuite>".repeat(1000), /inside each other/],
    [
      "attributes",
      `<testsuites ${Array.from({ length: 200 }, (_, i) => `a${i}=""`).join(" ")}/>`,
      /attributes/,
    ],
  ])("with too many %s is refused", async (_what, text, expected) => {
    const { faults } = await triageText(text, {});
    expect(faults[0]?.expected).toMatch(expected);
  });

  test.each([
    ["tests", { tests: 2 }, suiteOf(RED.repeat(3)), 2],
    ["bytes", { bytes: 2 * 1024 * 1024 }, suiteOf(RED + " ".repeat(3 * 1024 * 1024)), 1],
    ["characters without a tag", { token: 1000 }, suiteOf(`${RED}<testcase name="${"x".repeat(9000)}"/>`), 1],
  ])("with more %s than allowed keeps what came before", async (_what, limit, text, kept) => {
    const sources = [sourceOf(text, { piece: 512 })];
    const { faults, counts } = await triageOf({ sources, limits: { ...JUNIT_LIMITS, ...limit } });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.expected).toMatch(/at most/);
    expect(counts.total).toBe(kept);
  });

  test("that never ends is left at the limit, without being read on", async () => {
    let pieces = 0;
    const piece = new TextEncoder().encode("<testcase/>".repeat(100));
    const endless = {
      name: "endless.xml",
      async *open() {
        yield new TextEncoder().encode("<testsuite>");
        for (;;) {
          pieces += 1;
          yield piece;
        }
      },
    };
    const { faults } = await triageOf({ sources: [endless], limits: { ...JUNIT_LIMITS, bytes: 100_000 } });
    expect(faults).toHaveLength(1);
    expect(pieces).toBeLessThan(100);
  });

  test("whose attributes are called like members of every object is read as any other", async () => {
    const { counts, faults } = await triageText(
      suiteOf(
        '<testcase name="a" __proto__="x" hasOwnProperty="y" constructor="z"><constructor/></testcase>',
      ),
    );
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ total: 1, passed: 1 });
  });
});

describe("bytes", () => {
  const text = suiteOf('<testcase name="größer"><failure message="naïve"/></testcase>');
  const utf16 = Buffer.from(`\uFEFF${text.replace('"1.0"', '"1.0" encoding="UTF-16"')}`, "utf16le");
  test.each([
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-8 with a byte order mark", new TextEncoder().encode(`\uFEFF${text}`)],
    ["UTF-16, little end first", utf16],
    ["UTF-16, big end first", Buffer.from(utf16).swap16()],
    ["UTF-16 without a mark", utf16.subarray(2)],
    [
      "UTF-8 that claims to be UTF-16",
      new TextEncoder().encode(text.replace('"1.0"', '"1.0" encoding="UTF-16"')),
    ],
    ["Latin-1", Buffer.from(text.replace('"1.0"', '"1.0" encoding="ISO-8859-1"'), "latin1")],
  ])("of %s are read, wherever the pieces end", async (_what, bytes) => {
    for (const piece of [1, 3, 1000]) {
      const { judged, faults } = await triageOf({ sources: [sourceOf(bytes, { piece })] });
      expect(faults).toEqual([]);
      expect(judged[0]?.test).toMatchObject({ name: "größer", failure: { message: "naïve" } });
    }
  });

  test("that are not valid are replaced, and the tests after them are read", async () => {
    const broken = Buffer.concat([
      Buffer.from('<testsuite name="s"><testcase name="a'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from(`"/>${RED}</testsuite>`),
    ]);
    const { counts, faults } = await triageOf({ sources: [sourceOf(broken)] });
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ total: 2, failed: 1 });
  });

  test("that XML does not allow, and HTML's entities, are read on from", async () => {
    const { counts, faults } = await triageText(
      suiteOf(`<testcase name="a"><failure message="\u001B[31m">&#x1B;[0m &nbsp;</failure></testcase>${RED}`),
    );
    expect(faults).toEqual([]);
    expect(counts.failed).toBe(2);
  });
});

describe("a test", () => {
  test.each([
    ["<skipped/>", "skipped"],
    ['<skipped/><failure message="x"/>', "failed"],
    ['<failure message="x"/><error message="y"/>', "failed"],
    ['<error message="x"/>', "error"],
    ['<flakyFailure message="x"/>', "passed"],
    ['<failure message="x"/><rerunFailure message="y"/>', "failed"],
    ["<system-out><failure/></system-out>", "passed"],
    ["", "passed"],
  ])("with %s is %s", async (content, status) => {
    const { counts, judged } = await triageText(suiteOf(`<testcase name="a">${content}</testcase>`));
    const expected = status === "error" ? "failed" : status;
    expect(counts).toEqual({ total: 1, passed: 0, failed: 0, skipped: 0, [expected]: 1 });
    expect(judged.map(({ test }) => test.status)).toEqual(expected === "failed" ? [status] : []);
  });

  test("in nested suites, bare suites and without any name is read; equal names get different ids", async () => {
    const { judged } = await triageText(
      `<testsuite name="outer"><testsuite name="inner">${RED}</testsuite>${RED}${RED}<testcase><error/></testcase></testsuite>`,
    );
    expect(judged.map(({ test }) => test.id)).toEqual([
      "inner > red",
      "outer > red",
      "outer > red (2)",
      "outer",
    ]);
  });
});
