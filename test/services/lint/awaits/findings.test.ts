import { describe, expect, it } from "vitest";
import { findingsOf, placesOf } from "./truth.ts";

const ids = async (text: string): Promise<string[]> =>
  (await findingsOf({ "a.py": text })).map(({ finding }) => finding.id);

describe("what a finding says", () => {
  it("names the place, the function around it and where the definition is", async () => {
    const [first] = await findingsOf({
      "tests/test_it.py":
        "from app.client import send\n\nclass TestIt:\n    async def test(self):\n        x = 1; await send(x)\n",
      "app/client.py": "\ndef send(x):\n    return [x]\n",
    });
    expect(first?.finding).toEqual({
      code: "AWAIT_NOT_ASYNC",
      id: "AWAIT_NOT_ASYNC:tests/test_it.py:TestIt.test:send",
      severity: "error",
      message: "send is awaited in TestIt.test, but it is not async and returns nothing that can be awaited.",
      place: { kind: "file", file: "tests/test_it.py", line: 5, column: 16 },
      evidence: ["def at app/client.py:2"],
      owner: "suite",
      remedies: [
        "Remove the await, by hand or with: greenlight lint awaits --fix",
        "If send is meant to be async, make its definition an async def.",
        "An async generator is gone through instead: async for item in send(…): …",
      ],
    });
  });

  it("keeps its id when lines move, and tells two of one function apart", async () => {
    const body = "async def f(): pass\nasync def g():\n    f()\n    f()\n";
    expect(await ids(body)).toEqual(["COROUTINE_NOT_AWAITED:a.py:g:f", "COROUTINE_NOT_AWAITED:a.py:g:f:2"]);
    expect(await ids(`# moved\n\n${body}`)).toEqual(await ids(body));
  });

  it("says what to do with an async generator, which Python never mentions", async () => {
    const [first] = await findingsOf({ "a.py": "async def f(): yield\nf()\n" });
    expect(first?.finding).toMatchObject({
      code: "ASYNC_GENERATOR_NOT_ITERATED",
      severity: "warning",
      remedies: [expect.stringContaining("async for item in f(…)"), expect.any(String)],
    });
  });
});

const sumOf = (terms: number): string =>
  `def f(): return 1\nasync def g():\n    x = ${Array.from({ length: terms }, () => "await f()").join(" + ")}\n    await f()\n`;

describe("a statement that a program wrote", () => {
  it("is read up to a thousand awaits, beyond that it is passed over, and what follows is read", async () => {
    expect(await ids(sumOf(1000))).toHaveLength(1001);
    expect(await ids(sumOf(1001))).toHaveLength(1);
  });
});

describe("a file that does not parse", () => {
  it("is not looked at, and what others take from it is not known", async () => {
    const files = {
      "a.py": "from b import f\nasync def g():\n    await f()\n    f()\n",
      "b.py": "def f(): return 1\ndef (:\n",
    };
    expect(placesOf(await findingsOf(files))).toEqual([]);
  });

  it("hides no other file of that name", async () => {
    const files = {
      "a.py": "from b import f\nasync def g():\n    await f()\n",
      "b.py": "def (:\n",
      "lib/b.py": "def f(): return 1\n",
    };
    expect(placesOf(await findingsOf(files))).toEqual([]);
  });
});

describe("where modules are", () => {
  const use = "from helper import go\nasync def test(): go()\n";
  const helper = "async def go(): pass\n";
  it.each([
    [
      "beside a conftest",
      { "tests/unit/test_it.py": use, "tests/conftest.py": "", "tests/helper.py": helper },
      1,
    ],
    ["beside the test", { "tests/unit/test_it.py": use, "tests/unit/helper.py": helper }, 1],
    ["in src beside the tests", { "back/tests/test_it.py": use, "back/src/helper.py": helper }, 1],
    [
      "inside a package, where Python does not look",
      { "pkg/__init__.py": "", "pkg/test_it.py": use, "pkg/helper.py": helper },
      0,
    ],
    ["in another project", { "a/tests/test_it.py": use, "b/helper.py": helper }, 0],
    ["nowhere", { "test_it.py": use }, 0],
  ])("%s", async (_, files, count) => {
    expect(await findingsOf(files)).toHaveLength(count);
  });
});
