import { isAscii, isUtf8 } from "node:buffer";

/** A file's text, and what is needed to put it back as it was. */
export interface Decoded {
  readonly text: string;
  /** As WHATWG names it. */
  readonly encoding: string;
  /** Bytes of the byte order mark, which is no part of the text. */
  readonly bom: number;
}

export type DecodeResult =
  | ({ readonly ok: true } & Decoded)
  /** `line` is from 1, where one is known. */
  | { readonly ok: false; readonly reason: string; readonly line?: number };

/** Python's own (PEP 263), without the declaration in a second line that follows code. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK = /^[ \t\f]*(?:#.*)?$/;
const HEAD = 1024;

/** Python's names for what `TextDecoder` knows by others, and which it decodes byte by byte. */
const LATIN_1 = new Set(["latin-1", "iso-8859-1", "latin1", "iso8859-1", "l1", "iso-latin-1", "8859"]);
const UTF_8 = new Set(["utf-8", "utf8", "u8", "utf", "utf8-sig", "utf-8-sig", "cp65001", "utf-8-unix"]);
const ASCII = new Set(["ascii", "us-ascii", "646"]);

/** Reads a Python file as Python does: the byte order mark, then the coding comment, then UTF-8. */
export function decodePython(bytes: Buffer): DecodeResult {
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { ok: false, reason: "it holds a NUL byte", line: lineAt(bytes, nul) };
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const named = cookie(bytes.toString("latin1", bom, bom + HEAD));
  if (bom > 0 && named !== undefined && !UTF_8.has(named))
    return { ok: false, reason: `it begins with UTF-8's byte order mark and names the encoding ${named}` };
  return named === undefined || UTF_8.has(named) ? utf8(bytes, bom) : other(bytes, named);
}

/** Reads a configuration file as pytest does: UTF-8. A byte order mark is a character of the text, and a fault to judge. */
export function decodeUtf8(bytes: Buffer): DecodeResult {
  const nul = bytes.indexOf(0);
  return nul === -1 ? utf8(bytes, 0) : { ok: false, reason: "it holds a NUL byte", line: lineAt(bytes, nul) };
}

function utf8(bytes: Buffer, bom: number): DecodeResult {
  if (isAscii(bytes)) return { ok: true, text: bytes.toString("latin1"), encoding: "utf-8", bom };
  if (isUtf8(bytes)) return { ok: true, text: bytes.toString("utf8", bom), encoding: "utf-8", bom };
  return { ok: false, reason: "it is not UTF-8 and names no other encoding", line: firstBadLine(bytes) };
}

function other(bytes: Buffer, named: string): DecodeResult {
  if (LATIN_1.has(named)) return { ok: true, text: bytes.toString("latin1"), encoding: "latin1", bom: 0 };
  if (ASCII.has(named))
    return isAscii(bytes)
      ? { ok: true, text: bytes.toString("latin1"), encoding: "latin1", bom: 0 }
      : { ok: false, reason: `it names the encoding ${named} and holds other bytes` };
  try {
    const decoder = new TextDecoder(named.replace(/^cp(?=125\d$)/, "windows-"), { fatal: true });
    return { ok: true, text: decoder.decode(bytes), encoding: decoder.encoding, bom: 0 };
  } catch (error) {
    const unknown = error instanceof RangeError;
    return {
      ok: false,
      reason: unknown
        ? `it names the encoding ${named}, which is not known here`
        : `it names the encoding ${named} and holds bytes that are none of it`,
    };
  }
}

/** The encoding that one of the first two lines names, in Python's own spelling. */
function cookie(head: string): string | undefined {
  const [first = "", second = ""] = head.split(/\r\n|\r|\n/, 2);
  const match = COOKIE.exec(first) ?? (BLANK.test(first) ? COOKIE.exec(second) : null);
  return match?.[1]?.toLowerCase().replaceAll("_", "-");
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found + 1;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    line += 1;
    start = end;
  }
  return line;
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line += 1;
  return line;
}
