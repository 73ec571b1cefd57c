import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createRedact } from "../../../../services/redact.ts";
import { renderJunit } from "../../../../src/views/reports/junit.ts";
import type { RunRecord } from "../../../../src/views/run-record.ts";
import { hostileRecord, judged, recordOf, redRecord, triageOf, unfitRecord } from "./records.ts";
import { findAll, parseXml, propertiesOf, type XmlElement } from "./xml-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-junit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function write(text: string | Buffer): string {
  const path = join(folder, `${(count += 1)}.xml`);
  writeFileSync(path, text);
  return path;
}

const redact = createRedact([]);
async function textOf(record: RunRecord): Promise<string> {
  let text = "";
  for await (const part of renderJunit(record, redact)) text += part;
  return text;
}
const treeOf = async (record: RunRecord): Promise<XmlElement> => parseXml(await textOf(record));
const cases = (tree: XmlElement): XmlElement[] => findAll(tree, "testcase");
const nameOf = ({ attributes }: XmlElement): string | undefined => attributes.name;
/** Each test with the elements in it that say how it ended. */
const endings = (tree: XmlElement): Record<string, string[]> =>
  Object.fromEntries(
    cases(tree).map((each) => [
      nameOf(each) ?? "",
      each.children.map(({ name }) => name).filter((name) => ["failure", "error", "skipped"].includes(name)),
    ]),
  );

const PYTEST = `<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="1.5" hostname="ci &amp; co">
<testcase classname="tests.test_orders" name="test_read[a&lt;b]" time="0.1"><system-out>one
two</system-out></testcase>
<testcase classname="tests.test_orders" name="test_create" time="1.2"><properties><property name="owner" value="orders"/></properties><failure message="refused
again"><![CDATA[<trace> & more]]></failure></testcase>
<testcase classname="tests.test_orders" name="test_later" time="0"><skipped message="later"/></testcase>
</testsuite></testsuites>
`;

const isTheirs = ({ attributes }: XmlElement): boolean => attributes.name?.startsWith("greenlight.") !== true;

describe("the tests' own report", () => {
  test("keeps every element, attribute and text, when properties are added", async () => {
    const tree = await treeOf(redRecord({ junit: [write(PYTEST)] }));
    const withoutOurs = (element: XmlElement): unknown => ({
      ...element,
      text: element.name === "testsuite" ? "" : element.text,
      children: element.children
        .filter(({ attributes }) => attributes.name?.startsWith("greenlight.") !== true)
        .filter(({ name, children }) => name !== "properties" || children.some(isTheirs))
        .map(withoutOurs),
    });
    const original = parseXml(PYTEST);
    expect(tree.children.map(withoutOurs)).toEqual(original.children.map(withoutOurs));
    expect(original.children).toHaveLength(1);
  });

  test("has the attribution on the red test, beside properties of its own, and on no other", async () => {
    const tree = await treeOf(redRecord({ junit: [write(PYTEST)] }));
    const found = cases(tree).map((each) => [nameOf(each), propertiesOf(each)]);
    expect(found).toEqual([
      ["test_read[a<b]", {}],
      [
        "test_create",
        {
          owner: "orders",
          "greenlight.attribution": "environment",
          "greenlight.because": "It ran while postgres was down.",
          "greenlight.incident": "postgres-1",
          "greenlight.cause": "CONNECT_REFUSED",
        },
      ],
      ["test_later", {}],
    ]);
    expect(findAll(tree, "properties")).toHaveLength(2);
  });

  test("has the verdict and the fingerprint on its suite, whether or not that has properties", async () => {
    const bare = '<testsuite name="a"><testcase name="t"/></testsuite>';
    const own =
      '<testsuite name="b"><properties><property name="os" value="linux"/></properties></testsuite>';
    const none = '<testsuite name="c"/>';
    const nested = `<testsuites><testsuite name="outer">${bare}</testsuite></testsuites>`;
    const tree = await treeOf(recordOf({ junit: [bare, own, none, nested].map(write) }));
    const suites = findAll(tree, "testsuite");
    expect(suites.map(nameOf)).toEqual(["a", "b", "c", "outer", "a"]);
    const [a, b, c, outer, inner] = suites.map(propertiesOf);
    for (const properties of [a, b, c, outer]) {
      expect(properties).toMatchObject({
        "greenlight.verdict": "go",
        "greenlight.outcome": "passed",
        "greenlight.release": "2026.3.1",
        "greenlight.dependency.postgres": "pass PostgreSQL 18.1 db.internal:5432 app",
      });
    }
    expect(b).toMatchObject({ os: "linux" });
    expect(inner).toEqual({});
  });

  test("has each of several red tests of one name with what was judged of it, in their order", async () => {
    const one = '<testcase classname="c" name="t"><failure message="x"/></testcase>';
    const first = judged({ classname: "c", name: "t", attribution: "test" });
    const second = judged({ classname: "c", name: "t", attribution: "environment" });
    const record = redRecord({
      junit: [write(`<testsuite name="s">${one}${one}</testsuite>`)],
      triage: triageOf([first, second]),
    });
    const found = cases(await treeOf(record)).map((each) => propertiesOf(each)["greenlight.attribution"]);
    expect(found).toEqual(["test", "environment"]);
  });

  test("is joined to a red test whose name looks like a secret, which the record has masked", async () => {
    const name = "login with password=canary-11";
    const text = `<testsuite name="s"><testcase classname="c" name="${name}"><failure/></testcase></testsuite>`;
    const record = redRecord({
      junit: [write(text)],
      triage: triageOf([judged({ classname: "c", name: redact(name) })]),
    });
    const [only] = cases(await treeOf(record)).map(propertiesOf);
    expect(only).toMatchObject({ "greenlight.attribution": "environment" });
  });

  test("that has a very long output is kept whole", async () => {
    const output = "x".repeat(3_000_000);
    const text = `<testsuite name="s"><testcase classname="tests.test_orders" name="test_create"><system-out>${output}</system-out><failure message="m"/></testcase></testsuite>`;
    const [only] = cases(await treeOf(redRecord({ junit: [write(text)] })));
    expect(only?.children.map(({ name }) => name)).toEqual(["system-out", "failure", "properties"]);
    expect(only?.children[0]?.text).toHaveLength(output.length);
  });

  test("in another encoding, with characters that XML forbids, comes out as UTF-8 that is valid", async () => {
    const latin = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="gr\u00FCn"><testcase name="t">\u0007<failure message="&#27;[31m"/></testcase></testsuite>',
      "latin1",
    );
    const tree = await treeOf(redRecord({ junit: [write(latin)] }));
    expect(findAll(tree, "testsuite").map(nameOf)).toEqual(["gr\u00FCn"]);
    expect(endings(tree)).toEqual({ t: ["failure"] });
  });

  const cut = PYTEST.slice(0, PYTEST.indexOf("<failure") + 5);
  test.each([
    ["is cut off", cut, "test_create"],
    ["is no XML", "not XML at all", undefined],
    ["is empty", "", undefined],
    ["expands entities", '<!DOCTYPE x [<!ENTITY a "b">]><testsuite name="s">&a;</testsuite>', undefined],
    ["is something else", "<html><body/></html>", undefined],
    ["goes on after its end", "<testsuite name='s'/><testsuite name='t'/>", undefined],
  ])("that %s leaves what could be read and a red test that says so", async (_what, text, broken) => {
    const path = write(text);
    const tree = await treeOf(redRecord({ junit: [path, write(PYTEST)] }));
    const found = endings(tree);
    expect(found[path]).toEqual(["error"]);
    expect(found["test_later"]).toEqual(["skipped"]);
    if (broken !== undefined) expect(cases(tree).map(nameOf).slice(0, 2)).toEqual(["test_read[a<b]", broken]);
  });

  test("that is gone makes a run red that was, and one that was good not", async () => {
    const gone = join(folder, "gone.xml");
    expect(endings(await treeOf(recordOf({ junit: [gone] })))).toEqual({ [gone]: ["skipped"] });
    const red = endings(await treeOf(redRecord({ junit: [gone] })));
    expect(red).toMatchObject({ [gone]: ["error"], "pytest tests.test_orders test_create": ["failure"] });
  });

  test("without a red test has one when the run is not good", async () => {
    const green = write('<testsuite name="s"><testcase name="t"/></testsuite>');
    const record = redRecord({
      outcome: "aborted",
      triage: triageOf([], 1),
      summary: "Aborted: postgres has been down for 30 s.",
      junit: [green],
    });
    expect(endings(await treeOf(record))).toMatchObject({ t: [], command: ["error"] });
    expect(endings(await treeOf(recordOf({ junit: [green] })))).toEqual({ t: [] });
  });
});

describe("without a report of the tests", () => {
  test("each requirement is a test: down is a failure, unknown an error, optional skipped", async () => {
    const tree = await treeOf(unfitRecord());
    expect(endings(tree)).toEqual({
      postgres: ["failure"],
      redis: ["error"],
      websocket: ["skipped"],
      clickhouse: [],
    });
    const [suite] = findAll(tree, "testsuite");
    expect(suite?.attributes).toMatchObject({ tests: "4", failures: "1", errors: "1", skipped: "1" });
    expect(findAll(tree, "failure")[0]?.text).toContain("Set the right password.");
    expect(propertiesOf(suite as XmlElement)).toMatchObject({ "greenlight.verdict": "stop" });
  });

  test("a suite that is held is red although all its requirements pass", async () => {
    const held = {
      code: "HELD",
      level: "required",
      effect: "blocks",
      curable: true,
      message: "Held by ops until 13:00.",
    } as const;
    const { gate } = recordOf();
    const record = unfitRecord({
      outcome: "not-fit-in-time",
      gate: {
        ...gate,
        verdict: "wait",
        evaluation: { ...gate.evaluation, verdict: "wait", reasons: [held] },
      },
    });
    expect(endings(await treeOf(record))).toMatchObject({ postgres: [], "suite database": ["failure"] });
  });

  test("the command is a test too", async () => {
    const { triage: _triage, ...rest } = redRecord({ outcome: "failed", exitCode: 1 });
    expect(endings(await treeOf(rest))).toMatchObject({ postgres: [], command: ["failure"] });
  });

  test("a run that is good is green", async () => {
    expect(Object.values(endings(await treeOf(recordOf()))).flat()).toEqual([]);
  });
});

test("whatever is in a record, the report is valid XML that says of the run what the record says", async () => {
  await fc.assert(
    fc.asyncProperty(hostileRecord, async (record) => {
      const tree = await treeOf(record);
      expect(Object.values(endings(tree)).flat()).not.toEqual([]);
      expect(tree.children).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

const escape = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001F\uFFFE\uFFFF]/g, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll(">", "&gt;");

test("whatever a test of a report is called, the report stays one, and its red tests stay red", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.boolean()), {
        minLength: 1,
      }),
      async (tests) => {
        const body = tests.map(
          ([name, text, red]) =>
            `<testcase name="${escape(name)}">${red ? `<failure message="${escape(text)}">${escape(text)}</failure>` : ""}</testcase>`,
        );
        const path = write(`<testsuite name="s">${body.join("")}</testsuite>`);
        const tree = await treeOf(redRecord({ junit: [path] }));
        rmSync(path);
        const found = cases(tree).slice(0, tests.length);
        expect(found.map(nameOf)).toEqual(
          tests.map(([name]) => parseXml(`<a name="${escape(name)}"/>`).attributes.name),
        );
        expect(found.map(({ children }) => children.some(({ name }) => name === "failure"))).toEqual(
          tests.map(([, , red]) => red),
        );
      },
    ),
    { numRuns: 60 },
  );
});
