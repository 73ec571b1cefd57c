import type { EnvFault } from "../../services/env-files/env-file.ts";

const NEWLINE = 0x0a;
const EXPECTED = "text in UTF-8";

type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: EnvFault };

/** The text of the bytes; or that they are none, and in which line that shows first. */
export function decodeText(bytes: Uint8Array): Decoded {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16)
    return refuse({ code: "ENV_NOT_UTF8", found: "text in UTF-16", encoding: "utf-16", line: 1, column: 1 });
  const nul = bytes.indexOf(0);
  const text = decode(bytes);
  if (nul !== -1) {
    const code = text === undefined ? "ENV_BINARY" : "ENV_NUL";
    const found = text === undefined ? "a binary file" : "a NUL byte, which no variable can hold";
    return refuse({ code, found, line: lineOf(bytes, nul) });
  }
  if (text !== undefined) return { ok: true, text };
  return refuse({
    code: "ENV_NOT_UTF8",
    found: "bytes of another encoding, such as Latin-1",
    encoding: "latin1",
    line: firstBadLine(bytes),
  });
}

function refuse(fault: Pick<EnvFault, "code" | "found" | "encoding" | "line" | "column">): Decoded {
  return { ok: false, fault: { ...fault, expected: EXPECTED, effect: "file-refused" } };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** No character of UTF-8 has the byte of a line's end within it, so each line can be looked at by itself. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    if (decode(bytes.subarray(start, end)) === undefined) return line;
    start = end + 1;
  }
  return line;
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(NEWLINE); at !== -1 && at < offset; at = bytes.indexOf(NEWLINE, at + 1)) line++;
  return line;
}
