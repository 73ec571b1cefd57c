/** What a value may be. `int64` and `time` are texts; `any` is not looked at. */
export type Shape =
  | "string"
  | "int64"
  | "int32"
  | "boolean"
  | "time"
  | "any"
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Fields };

export type Fields = Readonly<Record<string, Shape>>;

/** What is wrong with a value, each with its place; nothing required, everything unknown told. */
export function faultsOf(shape: Shape, value: unknown, place = ""): string[] {
  if (shape === "any") return [];
  if (typeof shape === "string") {
    return scalar[shape](value) ? [] : [`${place}: expected ${shape}, found ${JSON.stringify(value)}`];
  }
  if ("oneOf" in shape) {
    return shape.oneOf.some((each) => each === value)
      ? []
      : [`${place}: expected one of ${shape.oneOf.join(", ")}, found ${JSON.stringify(value)}`];
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) return [`${place}: expected a list, found ${JSON.stringify(value)}`];
    return value.flatMap((each, index) => faultsOf(shape.list, each, `${place}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${place}: expected an object, found ${JSON.stringify(value)}`];
  }
  return Object.entries(value).flatMap(([name, each]) => {
    if (each === undefined) return [];
    const at = place === "" ? name : `${place}.${name}`;
    if ("map" in shape) return faultsOf(shape.map, each, at);
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    return known === undefined ? [`${at}: unknown`] : faultsOf(known, each, at);
  });
}

const scalar = {
  string: (value: unknown) => typeof value === "string",
  int64: (value: unknown) => typeof value === "string" && /^-?\d{1,19}$/.test(value),
  int32: (value: unknown) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  boolean: (value: unknown) => typeof value === "boolean",
  time: (value: unknown) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value),
} as const;
