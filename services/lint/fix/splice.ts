import type { Decoded } from "../python/decode.ts";
import type { Edit } from "../python/source-file.ts";

/** Encodings in which each character of a text is one byte, in the same order. */
const ONE_BYTE = /^(?:latin1|windows-\d+|iso-8859-\d+|koi8-[ru]|macintosh|ibm866|x-mac-cyrillic)$/;

export type Spliced =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: string };

/**
 * Makes the new bytes of a file. What no edit touches is copied byte for byte: encoding, byte order mark, line ends and
 * the end of the file stay. Line feeds in what is put in become those of the file.
 *
 * @param edits of this file, in order, none overlapping
 */
export function splice(original: Buffer, decoded: Decoded, edits: readonly Edit[]): Spliced {
  const { text, encoding, bom } = decoded;
  const utf8 = encoding === "utf-8";
  if (!utf8 && !ONE_BYTE.test(encoding))
    return { ok: false, reason: `files in the encoding ${encoding} are not changed` };
  const lineEnd = lineEndOf(text);
  const parts: Buffer[] = [];
  let read = 0;
  let readBytes = 0;
  for (const { start, end, text: replacement } of edits) {
    // Whatever hands over offsets into the middle of a character, or outside of the text, has a fault.
    if (start < read || end < start || end > text.length)
      throw new RangeError(`no edit from ${start} to ${end}`);
    // Not ASCII in an encoding of one byte: there may be no such byte.
    if (!utf8 && /[^\p{ASCII}]/u.test(replacement))
      return { ok: false, reason: `the change cannot be written in the encoding ${encoding}` };
    const from = (readBytes === 0 ? bom : readBytes) + bytesOf(text.slice(read, start), utf8);
    parts.push(original.subarray(readBytes, from), Buffer.from(replacement.replaceAll(/\r?\n/g, lineEnd)));
    readBytes = from + bytesOf(text.slice(start, end), utf8);
    read = end;
  }
  parts.push(original.subarray(readBytes));
  return { ok: true, bytes: Buffer.concat(parts) };
}

const bytesOf = (text: string, utf8: boolean): number => (utf8 ? Buffer.byteLength(text) : text.length);

/** The one that most lines have, so that a stray one changes nothing. */
function lineEndOf(text: string): "\r\n" | "\n" {
  const lines = text.match(/\n/g)?.length ?? 0;
  const carriage = text.match(/\r\n/g)?.length ?? 0;
  return carriage * 2 > lines ? "\r\n" : "\n";
}
