import type { Place } from "../findings/finding.ts";
import { dateInComment, type DateReading, readDate } from "./date.ts";
import type { LintInput } from "./input.ts";
import { createStack, lineOf, placeOf, subjectOf, winnersOf } from "./stack.ts";

/** A key that is in effect: the highest layer's, or a variable of the process. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** `.env:12`, or the name of the variable. */
  readonly where: string;
  readonly subject: string;
  readonly place: Place;
  readonly file?: string;
  readonly composed: boolean;
  /** Behind it, and in the lines of comment right above it. */
  readonly comment: string;
}

/** What is in effect in one stack of files, and in the process. */
export interface Scope {
  readonly settings: ReadonlyMap<string, Setting>;
}

/** One scope for each stack, and one for the variables of the process. */
export function scopesOf({ stacks, variables = {} }: LintInput): readonly Scope[] {
  const ofFiles = stacks.map((files) => {
    const comments = new Map(
      files.map((file) => [file, new Map(file.comments.map(({ line, text }) => [line, text]))]),
    );
    const settings = winnersOf(createStack(files)).map((at): readonly [string, Setting] => {
      const { file, entry, value, composed } = at;
      const above = comments.get(file)?.get(entry.line - 1) ?? "";
      const comment = `${above} ${entry.comment ?? ""}`;
      const where = lineOf(at);
      return [
        entry.key,
        {
          key: entry.key,
          value,
          where,
          subject: subjectOf(at),
          place: placeOf(at),
          file: file.path,
          composed,
          comment,
        },
      ];
    });
    return { settings: new Map(settings) };
  });
  const ofProcess = Object.entries(variables).flatMap(
    ([key, value]): readonly (readonly [string, Setting])[] =>
      value === undefined
        ? []
        : [
            [
              key,
              {
                key,
                value,
                where: key,
                subject: `variable:${key}`,
                place: { kind: "variable", name: key },
                composed: false,
                comment: "",
              },
            ],
          ],
  );
  return [...ofFiles, { settings: new Map(ofProcess) }];
}

const ENDS = [
  "EXPIRY",
  "EXPIRES",
  "EXPIRE",
  "EXPIRES_AT",
  "EXPIRES_ON",
  "EXPIRY_DATE",
  "EXPIRATION",
  "EXPIRATION_DATE",
  "UNTIL",
  "VALID_UNTIL",
  "SUNSET",
];
const END = new RegExp(`_(?:${ENDS.join("|")})$`);

export const isExpiryName = (key: string): boolean => END.test(key);

/** `BYPASS_AUTH_EXPIRY` → `BYPASS_AUTH`. */
export const withoutExpiry = (key: string): string => key.replace(END, "");

/** Until when a flag may be on, and who says so. */
export interface Expiry {
  readonly reading: DateReading;
  readonly setting: Setting | undefined;
}

/** From a key beside it (`X_EXPIRY`, `X_UNTIL`, …), or a date in its comment. */
export function expiryOf(flag: Setting, { settings }: Scope): Expiry {
  const beside = ENDS.map((end) => settings.get(`${flag.key}_${end}`)).find((found) => found !== undefined);
  if (beside !== undefined) return { reading: readDate(beside.value), setting: beside };
  return { reading: dateInComment(flag.comment), setting: undefined };
}
