import * as v from "valibot";

const text = v.string();
const optional = v.exactOptional;
const texts = v.pipe(v.array(text), v.readonly());

/** A finding, as a record of a run tells it. */
export const findingSchema = v.object({
  code: text,
  id: v.pipe(text, v.description("What a waiver names; the same in every run.")),
  severity: v.picklist(["error", "warning", "note"]),
  message: text,
  place: optional(
    v.object({
      kind: v.picklist(["file", "variable", "dependency", "source"]),
      file: optional(text),
      line: optional(v.number()),
      column: optional(v.number()),
      name: optional(text),
    }),
  ),
  evidence: texts,
  owner: text,
  remedies: texts,
});

/** A waiver that was in force. */
export const waiverSchema = v.object({
  finding: text,
  reason: text,
  owner: text,
  expires: v.pipe(text, v.description("The last day on which it holds, in UTC.")),
  daysLeft: v.pipe(v.number(), v.description("Whole days after the day on which it was told.")),
});
