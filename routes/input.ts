import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaCompiler } from "fastify";
import { formatDuration, parseDuration } from "../services/duration.ts";
import { sendProblem } from "./problem.ts";

/** One thing that is wrong with what a caller sent. */
export interface InputFault {
  readonly in: "querystring" | "body";
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** What is read, or everything that is wrong with it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly InputFault[] };

/** For routes that read what they are sent by themselves and say what was found; their schemas are for the documents. */
export const UNCHECKED: {
  readonly validatorCompiler: FastifySchemaCompiler<unknown>;
  readonly errorHandler: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => unknown;
} = { validatorCompiler: () => () => true, errorHandler: answerUnreadable };

/** A body that cannot be read is a fault like any other; what else goes wrong is for the handler of all routes. */
function answerUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): unknown {
  const { statusCode = 500 } = error;
  if (statusCode !== 400 && statusCode !== 415) throw error;
  const type = request.headers["content-type"];
  const found =
    statusCode === 415 ? `content-type ${describe(type)}` : "a body that is no JSON, or none at all";
  return sendFaults(reply, [
    { in: "body", name: "body", expected: "a JSON object as application/json", found },
  ]);
}

/** The members of a body, or the fault that it has none. */
export function readMembers(body: unknown): Read<Readonly<Record<string, unknown>>> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return { ok: true, value: body as Record<string, unknown> };
  const fault = { expected: "a JSON object as application/json", found: describe(body) };
  return { ok: false, faults: [{ in: "body", name: "body", ...fault }] };
}

/** A fault for each name that is not known. */
export function unknownNames(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  place: InputFault["in"],
): InputFault[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      in: place,
      name: shorten(name),
      expected: `nothing of that name; there are ${known.join(", ")}`,
      found: describe(given[name]),
    }));
}

interface Range extends Pick<InputFault, "in" | "name"> {
  readonly min: number;
  readonly max: number;
  readonly example: string;
}

/** Milliseconds; NaN, and a fault, for what is no duration with a unit or out of range. */
export function readDuration(
  given: unknown,
  { min, max, example, ...place }: Range,
  faults: InputFault[],
): number {
  const ms = typeof given === "string" ? parseDuration(given) : Number.NaN;
  if (ms >= min && ms <= max) return ms;
  const range = `from ${formatDuration(min)} to ${formatDuration(max)}`;
  const expected = `a duration ${range} with its unit, such as ${example}`;
  faults.push({ ...place, expected, found: describe(given) });
  return Number.NaN;
}

/** One line for people: what is printed on terminals must not steer them. */
export function readLine(
  given: unknown,
  { name, max }: { name: string; max: number },
  faults: InputFault[],
): string {
  const line = typeof given === "string" ? given.trim() : "";
  if (line !== "" && line.length <= max && !/\p{C}/u.test(line)) return line;
  const expected = `one line of 1 to ${max} characters`;
  faults.push({ in: "body", name, expected, found: describe(given) });
  return "";
}

const SHOWN = 60;
const shorten = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`);

/** What was sent, as JSON and short. */
export const describe = (given: unknown): string =>
  given === undefined ? "nothing" : shorten(JSON.stringify(given) ?? "nothing");

/** 400, with every fault. */
export function sendFaults(reply: FastifyReply, faults: readonly InputFault[]): FastifyReply {
  const detail = faults.map(({ name, expected, found }) => `${name}: expected ${expected}; found ${found}.`);
  return sendProblem(reply, {
    status: 400,
    code: "INVALID_REQUEST",
    title: "The request is not understood",
    detail: detail.join(" "),
    extensions: { errors: faults },
  });
}
