import type { ServerResponse } from "node:http";
import type { Rate } from "../services/access/rate-limit.ts";
import type { RenderedVerdict } from "../services/gate/render.ts";
import type { Evaluation } from "../services/gate/verdict.ts";
import { type ReadyHeaders, readyHeaders } from "./ready-headers.ts";
import type { HeaderList } from "./security-headers.ts";

/** Bytes and headers of one verdict. */
interface GateAnswer {
  readonly evaluation: Evaluation;
  readonly status: 200 | 503;
  readonly headers: ReadyHeaders;
  readonly body: string;
}

/** Sends one evaluation to one caller. */
export type SendGateAnswer = (raw: ServerResponse, rate: Rate | null, evaluation: Evaluation) => void;

/** All who get the same evaluation get the same bytes; past Fastify's reply, as health answers go. */
export function createGateAnswers(
  render: (evaluation: Evaluation) => RenderedVerdict,
  always: HeaderList,
): SendGateAnswer {
  let last: GateAnswer | undefined;
  return function sendAnswer(raw, rate, evaluation) {
    if (last?.evaluation !== evaluation) last = answerOf(evaluation, render(evaluation), always);
    raw.writeHead(last.status, last.headers(rate));
    // Headers and body leave in one piece.
    raw.end(last.body, "latin1");
  };
}

/** For callers who may know the verdict and nothing else. */
export function renderVerdictAlone({ suite, verdict }: Evaluation): RenderedVerdict {
  const body = JSON.stringify({ suite, verdict });
  const again = verdict === "wait" || verdict === "inconclusive";
  return { suite, verdict, body, ...(again ? { retryAfter: "1" } : {}) };
}

function answerOf(
  evaluation: Evaluation,
  { verdict, body, retryAfter }: RenderedVerdict,
  always: HeaderList,
): GateAnswer {
  const headers = [
    "content-type",
    "application/json; charset=utf-8",
    "cache-control",
    "no-store",
    "content-length",
    String(body.length),
    ...(retryAfter === undefined ? [] : ["retry-after", retryAfter]),
    ...always,
  ];
  return { evaluation, status: verdict === "go" ? 200 : 503, headers: readyHeaders(headers), body };
}
