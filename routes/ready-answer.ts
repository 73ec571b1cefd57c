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

export interface ReadyAnswerOptions {
  readonly status: 200 | 304 | 503;
  readonly headers: HeaderList;
  readonly body: string;
  /** How long Node keeps an idle connection, in ms. */
  readonly keepAliveMs: number;
}

/** Makes the text anew when there is something else to say than the last time: a second later, or another rate. */
export function readyAnswer({ status, headers: list, body, keepAliveMs }: ReadyAnswerOptions): ReadyAnswer {
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
