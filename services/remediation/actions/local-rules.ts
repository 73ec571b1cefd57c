import type { Rule } from "./params.ts";

/** As configured, or as a suite expects it: `postgres@e2e`. */
export const DEPENDENCY_RULE: Rule = {
  expected: "the name of a dependency, such as postgres",
  accepts: (value) => typeof value === "string" && /^[A-Za-z\d][\w.@-]{0,127}$/.test(value),
};

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

/** Whether it is there, and in the project, only src can see. */
export const FOLDER_RULE: Rule = {
  expected: "the path of a folder in the project, without `..`",
  accepts: (value) =>
    typeof value === "string" &&
    value !== "" &&
    value.length <= 1024 &&
    value.isWellFormed() &&
    !CONTROL.test(value) &&
    !/^-|[\\]/.test(value) &&
    !value.split("/").includes(".."),
};

export const INSTRUCTIONS_RULE: Rule = {
  expected: "a list of 1 to 50 sentences of at most 4000 characters, without control characters",
  accepts: (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= 50 &&
    value.every(
      (each) =>
        typeof each === "string" &&
        each.trim() !== "" &&
        each.length <= 4000 &&
        each.isWellFormed() &&
        !CONTROL.test(each.replaceAll(/[\n\t]/g, " ")),
    ),
};

export const wholeRule = (
  meaning: string,
  { min, max }: { readonly min: number; readonly max: number },
): Rule => ({
  expected: `${meaning}: a whole number from ${min} to ${max}`,
  accepts: (value) => typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
});
