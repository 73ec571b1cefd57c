/** Everything that XML 1.0 has no place for, not even as a reference: most control characters, and halves of characters. */
const INVALID = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** What XML can carry of a text; the rest is replaced by U+FFFD. */
const valid = (text: string): string => (PLAIN.test(text) ? text : text.replaceAll(INVALID, "\uFFFD"));

/** Most texts are; it is tested faster than the whole of Unicode. */
const PLAIN = /^[\t\n\r\u0020-\uD7FF]*$/;

export const escapeText = (text: string): string =>
  valid(text).replaceAll(/[&<>\r]/g, (character) => ENTITIES[character] ?? character);

export const escapeAttribute = (text: string): string =>
  valid(text).replaceAll(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? character);

/** Text that was a CDATA section and stays one. */
export const cdata = (text: string): string =>
  `<![CDATA[${valid(text).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;

/** A start tag; attributes that are undefined are left out. */
export function startTag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeAttribute(String(value))}"`],
  );
  return `<${name}${pairs.join("")}>`;
}

/** An element whose content is XML already. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content = "",
): string => `${startTag(name, attributes)}${content}</${name}>`;

/** JUnit's `<property>` for each. */
export const propertyElements = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => element("property", { name, value }))
    .join("");
