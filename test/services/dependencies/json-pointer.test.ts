import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findMember, isJsonPointer } from "../../../services/dependencies/json-pointer.ts";

/** The document and pointers of RFC 6901, section 5. */
const document = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
  "~1": 9,
};

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

describe("a JSON pointer", () => {
  test.each<[string, unknown]>([
    ["", document],
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/e^f", 3],
    ["/g|h", 4],
    ["/i\\j", 5],
    ['/k"l', 6],
    ["/ ", 7],
    ["/m~0n", 8],
    ["/~01", 9],
  ])("%j finds what RFC 6901 says", (pointer, value) => {
    expect(findMember(document, pointer)).toEqual({ found: true, value });
  });

  test.each([
    "/none",
    "/foo/2",
    "/foo/-",
    "/foo/00",
    "/foo/+1",
    "/foo/length",
    "/foo/0/0",
    "/constructor",
    "/__proto__",
    "foo",
    "/~2",
    "/foo~",
  ])("%j finds nothing", (pointer) => {
    expect(findMember(document, pointer)).toEqual({ found: false });
  });

  test("finds null, which is not nothing", () => {
    expect(findMember({ a: null }, "/a")).toEqual({ found: true, value: null });
    expect(findMember({ a: null }, "/a/b")).toEqual({ found: false });
  });

  test("finds every member of every document by its own path, and never throws", () => {
    const walk = (value: unknown, path: string, visit: (path: string, value: unknown) => void): void => {
      visit(path, value);
      if (typeof value !== "object" || value === null) return;
      for (const [key, each] of Object.entries(value)) walk(each, `${path}/${escaped(key)}`, visit);
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        walk(value, "", (path, each) =>
          expect(findMember(value, path)).toEqual({ found: true, value: each }),
        );
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, pointer) => {
        const { found } = findMember(value, pointer);
        return !found || isJsonPointer(pointer);
      }),
    );
  });
});
