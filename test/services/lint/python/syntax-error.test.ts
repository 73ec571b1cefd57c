import { describe, expect, it } from "vitest";
import { findSyntaxError } from "../../../../services/lint/python/syntax-error.ts";
import { parsePython } from "../../../support/python.ts";

async function find(text: string) {
  const { tree } = await parsePython(text);
  return findSyntaxError(tree, text);
}

describe("the place of a syntax error", () => {
  it.each([
    ["x = 1\n\ndef f(:\n    pass\n", 3],
    ["def f()\n    return 1\n", 1],
    ["x = 'abc\ny = 2\n", 1],
    ["a = 1\nb = 2 +\nc = 3\n", 2],
    ["x = {1: 2\n", 1],
    ["import os\n\nreturn = 3\n", 3],
    ["x = 1\ny = (1,\n\ndef g():\n    return 1\n", 2],
  ])("of %j is line %i", async (text, line) => {
    expect(await find(text)).toMatchObject({ line });
  });

  it("says what is missing, or shows what cannot be read", async () => {
    expect(await find("def f(:\n    pass\n")).toEqual({ line: 1, column: 7, reason: '")" is missing' });
    expect((await find("for x in y: z w\n"))?.reason).toBe("this cannot be read: z");
  });

  it("is nowhere in what Python has learned since 3.8", async () => {
    const text = [
      "def f[T, *Ts, **P](x: T, /, *args: *Ts) -> T: ...",
      "type X[T] = list[T]",
      "match x:\n    case {'a': 1, **rest} if y: pass\n    case [1, *_] | None: pass",
      "try:\n    pass\nexcept* (A, B) as e:\n    pass",
      "try:\n    pass\nexcept A, B:\n    pass",
      "with (open(a) as b, open(c) as d):\n    pass",
      "x = f'{a!r:>{w}} {\"q\"} {x=}' t'{a}'",
      "if (n := 1): print(n)",
      "async def h():\n    return [x async for x in y if await z]",
      "",
    ].join("\n");
    expect(await find(text)).toBeUndefined();
  });
});
