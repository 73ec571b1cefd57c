/** What a service says when it refuses: its problem+json, checked like any other input. */
import * as v from "valibot";
import { createRedact, oneLine } from "../../services/redact.ts";

const text = v.fallback(v.optional(v.string()), undefined);

/** `run`: the command to run instead. */
const problemSchema = v.object({ code: text, detail: text, run: text });

export type Problem = v.InferOutput<typeof problemSchema>;

/** Its members that are text, without the tokens that were sent; nothing for a body of any other shape. */
export function readProblem(body: unknown, tokens: readonly string[]): Problem {
  const result = v.safeParse(problemSchema, body);
  if (!result.success) return {};
  const redact = createRedact(tokens);
  // Shortened last: what is left of a token that was cut would not be known as one.
  const show = (member: string | undefined) => (member ? oneLine(redact(member), MAX_LENGTH) : undefined);
  const { code, detail, run } = result.output;
  return { code: show(code), detail: show(detail), run: show(run) };
}

const MAX_LENGTH = 500;

const verdictSchema = v.strictObject({ status: v.picklist(["pass", "warn", "fail"]) });

/** What callers without a token may be shown. Whatever else speaks JSON does not ask for a token by that. */
export const isVerdict = (body: unknown): boolean => v.is(verdictSchema, body);
