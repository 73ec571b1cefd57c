import { SaxesParser } from "saxes";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Parses strictly: whatever is not well-formed XML 1.0 throws. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser<{ defaultXMLVersion: "1.0"; xmlns: false }>({
    defaultXMLVersion: "1.0",
    xmlns: false,
  });
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const path = [root];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: XmlElement = { name, attributes: { ...attributes }, children: [], text: "" };
    path.at(-1)?.children.push(element);
    path.push(element);
  });
  parser.on("closetag", () => void path.pop());
  const add = (part: string): void => {
    const element = path.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.write(text).close();
  const [only] = root.children;
  if (only === undefined) throw new Error("no element");
  return only;
}

/** All elements of this name, in order. */
export const findAll = (element: XmlElement, name: string): XmlElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => findAll(child, name)),
];

/** The properties that an element has itself, each list joined. */
export const propertiesOf = (element: XmlElement): Record<string, string> =>
  Object.fromEntries(
    element.children
      .filter(({ name }) => name === "properties")
      .flatMap(({ children }) => children)
      .map(({ attributes }) => [attributes.name ?? "", attributes.value ?? ""]),
  );
