/** A member of a JSON document, or the fact that there is none. */
export type Member = { readonly found: true; readonly value: unknown } | { readonly found: false };

/** True for text that RFC 6901 reads as a pointer: empty, or `/` before each part and `~` only as `~0` and `~1`. */
export const isJsonPointer = (text: string): boolean => /^(?:\/(?:[^~/]|~[01])*)*$/u.test(text);

/**
 * Finds the member that an RFC 6901 pointer names. Inherited members (`constructor`) and `-`, the place after an
 * array's end, are not there; nor is anything behind a text that is no pointer.
 */
export function findMember(document: unknown, pointer: string): Member {
  if (!isJsonPointer(pointer)) return { found: false };
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    // In this order, so that ~01 is ~1 and not a slash (RFC 6901, section 4).
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return { found: false };
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(key)) return { found: false };
    value = (value as Record<string, unknown>)[key];
  }
  return { found: true, value };
}
