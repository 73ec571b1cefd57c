import { STATUS_CODES } from "node:http";
import type { Rate } from "../services/access/rate-limit.ts";
import { readyHeaders, type ReadyHeaders } from "./ready-headers.ts";
import { eachHeader, type HeaderList } from "./security-headers.ts";

/** One answer, made for all who get it. */
export interface ReadyAnswer {
  readonly status: 200 | 304 | 503;
  /** ASCII. */
  readonly body: string;
  /** For `writeHead`. */
  readonly headers: ReadyHeaders;
  /** Everything as Node would send it on a connection that stays open. `now`: wall-clock milliseconds. */
  text(rate: Rate | null, now: number): string;
}

interface ReadyAnswerOptions {
  readonly status: 200 | 304 | 503;
  readonly headers: HeaderList;
  readonly body: string;
  /** How long Node keeps an idle connection, in ms. */
  readonly keepAliveMs: number;
}

/** One meaning in the three ways in which a caller may be told it. */
export interface Forms {
  readonly ok: ReadyAnswer;
  readonly unavailable: ReadyAnswer;
  readonly notModified: ReadyAnswer;
}

export interface FormsOptions extends Omit<ReadyAnswerOptions, "status"> {
  /** Seconds until it is worth to ask again, where it is unavailable. */
  readonly retryAfter: string;
}

/** `headers` are those of all three. */
export function readyForms({ headers, body, retryAfter, keepAliveMs }: FormsOptions): Forms {
  const ok = [...headers, "content-length", String(body.length)];
  const unavailable = [...ok, "retry-after", retryAfter];
  return {
    ok: readyAnswer({ status: 200, headers: ok, body, keepAliveMs }),
    unavailable: readyAnswer({ status: 503, headers: unavailable, body, keepAliveMs }),
    notModified: readyAnswer({ status: 304, headers, body: "", keepAliveMs }),
  };
}

/** Makes the text anew when there is something else to say than the last time: a second later, or another rate. */
function readyAnswer({ status, headers: list, body, keepAliveMs }: ReadyAnswerOptions): ReadyAnswer {
  const headers = readyHeaders(list);
  const last = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n${body}`;
  let text = "";
  let lastHeaders: HeaderList | undefined;
  let lastSecond = Number.NaN;
  return {
    status,
    body,
    headers,
    text(rate, now) {
      const second = Math.floor(now / 1000);
      const complete = headers(rate);
      if (complete !== lastHeaders || second !== lastSecond) {
        lastHeaders = complete;
        lastSecond = second;
        text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
        eachHeader(complete, (name, value) => {
          text += `${name}: ${value}\r\n`;
        });
        text += `Date: ${new Date(second * 1000).toUTCString()}\r\n${last}`;
      }
      return text;
    },
  };
}
