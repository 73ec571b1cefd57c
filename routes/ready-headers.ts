import type { Rate } from "../services/access/rate-limit.ts";
import { remainingHeaders } from "./access.ts";
import type { HeaderList } from "./security-headers.ts";

/** Gives a list for `writeHead`, with what the caller has left where that is counted. */
export type ReadyHeaders = (rate: Rate | null) => string[];

/** Copies the list only when there is something else to say than the last time: copying it per request is dear. */
export function readyHeaders(list: HeaderList): ReadyHeaders {
  const bare = [...list];
  let last: Rate | undefined;
  let completed = bare;
  return function complete(rate) {
    if (rate === null) return bare;
    if (rate !== last) {
      last = rate;
      completed = [...bare, ...remainingHeaders(rate)];
    }
    return completed;
  };
}
