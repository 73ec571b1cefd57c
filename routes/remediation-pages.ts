import type { FastifyReply } from "fastify";
import type { Page } from "../services/remediation/desk.ts";
import type { PageQuery } from "../services/remediation/journal.ts";
import { type InputFault, type Read, describe, sendFaults, unknownNames } from "./input.ts";

const DEFAULT_LIMIT = 50;
const MOST = 200;
const PLACE = "querystring";

/** Which page of a list is asked for. */
export function readPage(query: Readonly<Record<string, unknown>>): Read<PageQuery> {
  const faults: InputFault[] = unknownNames(query, ["limit", "before"], PLACE);
  const { limit = String(DEFAULT_LIMIT), before } = query;
  const isLimit = typeof limit === "string" && /^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= MOST;
  if (!isLimit)
    faults.push({
      in: PLACE,
      name: "limit",
      expected: `a number from 1 to ${MOST}`,
      found: describe(limit),
    });
  if (before !== undefined && !isId(before)) faults.push(beforeFault(before, "an id of the list"));
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { limit: Number(limit), ...(isId(before) && { before }) } };
}

const isId = (given: unknown): given is string =>
  typeof given === "string" && given !== "" && given.length <= 200;

/** 400: an empty page would say that there is nothing older. */
export const sendUnknownBefore = (reply: FastifyReply, { before }: PageQuery): FastifyReply =>
  sendFaults(reply, [beforeFault(before, "an id that is in the store")]);

const beforeFault = (found: unknown, expected: string): InputFault => ({
  in: PLACE,
  name: "before",
  expected,
  found: describe(found),
});

/** Where the next page is, when there is one. */
export function nextOf<T>(
  path: string,
  { limit }: PageQuery,
  { entries, more, idOf }: Page<T> & { readonly idOf: (entry: T) => string },
): { readonly next?: string } {
  const last = entries.at(-1);
  if (!more || last === undefined) return {};
  return { next: `${path}?${new URLSearchParams({ limit: String(limit), before: idOf(last) })}` };
}
