/** Sandbox for GCP: Google's REST APIs on loopback, with a world that tests can set, break and compare. */

/** Anything that JSON can say. */
export type Value = null | boolean | number | string | Value[] | Doc;

/** A resource, as it is sent. Members that are undefined are not sent. */
export interface Doc {
  [member: string]: Value | undefined;
}

/** The value as an object; an empty one when it is none. */
export function docOf(value: unknown): Doc {
  return isDoc(value) ? value : {};
}

/** Tells whether it is an object and no list. */
export function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one when it is none. */
export function listOf(value: unknown): Value[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text; undefined when it is none, or empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A text as it is, and an empty one in place of anything else. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A copy without some members. */
export function without(value: unknown, ...names: readonly string[]): Doc {
  const kept = Object.entries(docOf(value)).filter(([name]) => !names.includes(name));
  return structuredClone(Object.fromEntries(kept));
}

/** The member at a path such as `template.vpcAccess.connector`; undefined where there is none. */
export function at(value: unknown, path: string): Value | undefined {
  let found: unknown = value;
  for (const name of path.split(".")) found = docOf(found)[name];
  return found as Value | undefined;
}

/** Sets or, with undefined, removes the member at a path; objects on the way are made. */
export function put(target: Doc, path: string, value: Value | undefined): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let holder = target;
  for (const name of names) {
    const next = docOf(holder[name]);
    holder[name] = next;
    holder = next;
  }
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
