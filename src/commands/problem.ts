/** What a service says when it refuses: its problem+json, checked like any other input. */
import * as v from "valibot";

const MAX_LENGTH = 500;
const short = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MAX_LENGTH)),
);

const problemSchema = v.object({
  code: v.fallback(v.optional(short), undefined),
  detail: v.fallback(v.optional(short), undefined),
  /** The command to run instead. */
  run: v.fallback(v.optional(short), undefined),
});

export type Problem = v.InferOutput<typeof problemSchema>;

/** Its members that are text; nothing for a body of any other shape. */
export function readProblem(body: unknown): Problem {
  const result = v.safeParse(problemSchema, body);
  return result.success ? result.output : {};
}

/** JSON, or undefined: what stands before a service (Cloud Run, a proxy) refuses in HTML. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
