import { describe, expect, it } from "vitest";
import { decodePython, decodeUtf8 } from "../../../../services/lint/python/decode.ts";

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

describe("decoding a Python file", () => {
  it("reads UTF-8 when nothing is said", () => {
    expect(decodePython(bytes("x = 'é'\n"))).toEqual({
      ok: true,
      text: "x = 'é'\n",
      encoding: "utf-8",
      bom: 0,
    });
  });

  it("takes the byte order mark off", () => {
    expect(decodePython(bytes([0xef, 0xbb, 0xbf], "é"))).toEqual({
      ok: true,
      text: "é",
      encoding: "utf-8",
      bom: 3,
    });
  });

  it.each([
    ["# -*- coding: latin-1 -*-\n"],
    ["#!/usr/bin/python3\n# vim: set fileencoding=iso-8859-1 :\n"],
    ["\r\n# coding=Latin_1\r\n"],
  ])("believes the coding comment %j", (comment) => {
    expect(decodePython(bytes(comment, "x = '", [0xe9], "'\n"))).toMatchObject({
      ok: true,
      text: `${comment}x = 'é'\n`,
    });
  });

  it("believes no coding comment behind code, as Python does not", () => {
    expect(decodePython(bytes("x = 1\n# coding: latin-1\n'", [0xe9], "'\n"))).toEqual({
      ok: false,
      reason: "it is not UTF-8 and names no other encoding",
      line: 3,
    });
  });

  it.each([
    ["cp1251", [0xff], "я"],
    ["shift_jis", [0x82, 0xa0], "あ"],
    ["koi8-r", [0xd1], "я"],
  ])("reads %s", (encoding, encoded, text) => {
    expect(decodePython(bytes(`# coding: ${encoding}\n'`, encoded, "'\n"))).toMatchObject({
      ok: true,
      text: `# coding: ${encoding}\n'${text}'\n`,
    });
  });

  it("keeps the control characters that latin-1 has and Windows has not", () => {
    expect(decodePython(bytes("# coding: latin-1\n'", [0x85], "'\n"))).toMatchObject({
      text: "# coding: latin-1\n'\u0085'\n",
    });
  });

  it.each([
    [bytes("x = 1\ny = '\0'\n"), { reason: "it holds a NUL byte", line: 2 }],
    [bytes("# coding: martian\n"), { reason: "it names the encoding martian, which is not known here" }],
    [bytes("# coding: ascii\n'é'\n"), { reason: "it names the encoding ascii and holds other bytes" }],
    [
      bytes([0xef, 0xbb, 0xbf], "# coding: latin-1\n"),
      { reason: "it begins with UTF-8's byte order mark and names the encoding latin-1" },
    ],
    [
      bytes("# coding: shift_jis\n'", [0x82], "'\n"),
      { reason: "it names the encoding shift-jis and holds bytes that are none of it" },
    ],
  ])("says why %j cannot be read", (input, expected) => {
    expect(decodePython(input)).toEqual({ ok: false, ...expected });
  });
});

describe("decoding a configuration", () => {
  it("leaves a byte order mark in the text, since pytest meets it there", () => {
    expect(decodeUtf8(bytes([0xef, 0xbb, 0xbf], "[pytest]\n"))).toMatchObject({
      text: "\uFEFF[pytest]\n",
      bom: 0,
    });
  });

  it("names the line that is not UTF-8", () => {
    expect(decodeUtf8(bytes("a\nb\n", [0xe9], "\n"))).toMatchObject({ ok: false, line: 3 });
  });
});
