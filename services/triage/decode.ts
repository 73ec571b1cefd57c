import { ReportError } from "./source.ts";

/** Enough bytes for a byte order mark and an XML declaration. */
const SNIFFED = 128;

/**
 * The text of a report. The encoding is that of its byte order mark, else of its XML declaration, else UTF-8; bytes that
 * are not valid in it become U+FFFD, since a broken character in a test's output must not hide the tests after it.
 */
export async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array = new Uint8Array();
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < SNIFFED) continue;
    decoder = newDecoder(encodingOf(held));
    yield decoder.decode(held, { stream: true });
  }
  decoder ??= newDecoder(encodingOf(held));
  yield decoder.decode(held.length < SNIFFED ? held : undefined);
}

function encodingOf(head: Uint8Array): string {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  const declaration = Buffer.from(head.subarray(0, SNIFFED)).toString("latin1");
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(
    declaration,
  )?.[1];
  // A declaration that was kept when the bytes were written anew as UTF-8: it was readable as single bytes.
  return declared === undefined || /^(?:utf-?16|ucs-?2)/i.test(declared) ? "utf-8" : declared;
}

function newDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new ReportError({
      expected: "an encoding that is known, such as UTF-8",
      found: `encoding="${encoding}"`,
    });
  }
}
