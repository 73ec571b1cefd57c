import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type Problem, problemBody } from "../../routes/problem.ts";
import { eachHeader, type HeaderList } from "../../routes/security-headers.ts";

const CLIENT_ERRORS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "HEADERS_TOO_LARGE",
    title: "The headers are too large",
    detail:
      "All headers together may take 16 KiB, and a token 8 KiB; is there more than one token in the header?",
    extensions: { run: "greenlight auth whoami" },
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "REQUEST_TIMEOUT",
    title: "The request took too long",
    detail: "The request did not arrive in time.",
  },
};

/** A refused sender has this long to end its side, in ms: closing on bytes that wait to be read would take the answer back. */
const LINGER_MS = 500;

/** Answers what is no HTTP request at all, where there is no request or reply object yet. */
export function createClientErrorHandler(
  headers: HeaderList,
): (error: Error & { code?: string }, socket: Socket) => void {
  let lines = "";
  eachHeader(headers, (name, value) => (lines += `${name}: ${value}\r\n`));
  return (error, socket) => answerClientError(error, socket, lines);
}

function answerClientError(error: Error & { code?: string }, socket: Socket, lines: string): void {
  // The rest of what was refused is parsed too, and is no request either; the answer is on its way.
  if (socket.writableEnded) return;
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = CLIENT_ERRORS[error.code ?? ""] ?? {
    status: 400,
    code: "MALFORMED_REQUEST",
    title: "Not an HTTP request",
    detail: "The bytes sent are not a well-formed HTTP/1.1 request.",
  };
  const body = problemBody(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n${lines}\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
