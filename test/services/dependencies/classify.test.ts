import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAUSES, RUNGS } from "../../../services/causes.ts";
import { classifyError } from "../../../services/dependencies/classify.ts";
import {
  isServerError as isClickhouseAnswer,
  recogniseClickhouse,
} from "../../../services/dependencies/clickhouse-errors.ts";
import {
  isServerError as isPostgresAnswer,
  recognisePostgres,
} from "../../../services/dependencies/postgres-errors.ts";
import {
  isServerError as isRedisAnswer,
  recogniseRedis,
} from "../../../services/dependencies/redis-errors.ts";
import { recogniseWebsocket } from "../../../services/dependencies/websocket-errors.ts";
import { CauseError, DeadlineError } from "../../../services/errors.ts";
import { createRedact } from "../../../services/redact.ts";

const redact = createRedact(["hunter2"]);
const adapters = {
  postgres: recognisePostgres,
  clickhouse: recogniseClickhouse,
  redis: recogniseRedis,
  websocket: recogniseWebsocket,
  none: () => undefined,
};
const anyRung = fc.constantFrom(...RUNGS);
const withCode = (code: string, message = "m"): Error => Object.assign(new Error(message), { code });

describe.each(Object.entries(adapters))("what %s throws", (_name, recognise) => {
  const classify = (
    error: unknown,
    rung: (typeof RUNGS)[number] = "query",
  ): ReturnType<typeof classifyError> => classifyError({ error, rung, redact, recognise });

  test.each<[string, () => unknown]>([
    ["without a prototype", () => Object.create(null)],
    [
      "with a code that throws when read",
      () => ({
        get code() {
          throw new Error("no");
        },
      }),
    ],
    [
      "with a toString that throws",
      () => ({
        toString() {
          throw new Error("no");
        },
      }),
    ],
    ["whose message is no text", () => Object.assign(new Error("x"), { message: { a: 1 } })],
    [
      "that refuses every access",
      () =>
        new Proxy(
          {},
          {
            get() {
              throw new Error("no");
            },
            getPrototypeOf() {
              throw new Error("no");
            },
          },
        ),
    ],
    [
      "that is its own cause",
      () => {
        const error = new Error("x");
        error.cause = error;
        return error;
      },
    ],
    [
      "that contains itself",
      () => {
        const error = new AggregateError([], "");
        error.errors.push(error);
        return error;
      },
    ],
  ])("an error %s is CHECK_ERROR, not another error", (_what, make) => {
    expect(classify(make())).toMatchObject({ code: "CHECK_ERROR", rung: "query" });
  });

  test("anything that can be thrown gives a cause of the table, on a rung, with a line of text", () => {
    const anyError = fc.oneof(
      fc.anything(),
      fc.string().map((message) => new Error(message)),
      fc.tuple(fc.string(), fc.string()).map(([code, message]) => withCode(code, message)),
      fc
        .array(fc.string())
        .map((messages) => new AggregateError(messages.map((message) => new Error(message)))),
      fc.constantFrom(undefined, null, Symbol("s"), 0n, () => undefined),
    );
    fc.assert(
      fc.property(anyError, anyRung, (error, rung) => {
        const cause = classify(error, rung);
        expect(Object.keys(CAUSES)).toContain(cause.code);
        expect(RUNGS).toContain(cause.rung);
        expect(cause.message).toMatch(/^[^\n\r]{0,300}$/);
      }),
    );
  });

  test.each([
    ["DNS_NOT_FOUND", "resolve", withCode("ENOTFOUND")],
    ["CONNECT_REFUSED", "connect", withCode("ECONNREFUSED")],
    ["CONNECT_RESET", "query", withCode("ECONNRESET")],
    ["TLS_CERT_EXPIRED", "secure", withCode("CERT_HAS_EXPIRED")],
    ["TLS_FAILED", "secure", withCode("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR")],
    ["CHECK_ERROR", "query", withCode("EMFILE")],
    ["QUERY_TIMEOUT", "query", new DeadlineError("the query", 450)],
    ["KEY_MISSING", "assert", new CauseError("KEY_MISSING", "there is no key x")],
    ["CONNECT_REFUSED", "connect", new AggregateError([withCode("EHOSTUNREACH"), withCode("ECONNREFUSED")])],
    ["CONNECT_RESET", "query", new Error("fetch failed", { cause: withCode("ECONNRESET") })],
  ] as const)("%s on %s comes from what the system or we ourselves raised", (code, rung, error) => {
    expect(classify(error)).toMatchObject({ code, rung });
  });

  test("a secret in a message is taken out", () => {
    expect(classify(new Error("no login for app:hunter2 at db")).message).not.toContain("hunter2");
  });
});

test.each([
  "a text",
  7,
  undefined,
  null,
  new Error("something new"),
  new TypeError("x is not a function"),
  {},
])("what nobody recognises (%s) is CHECK_ERROR: a fault of the check, not of the dependency", (error) => {
  expect(classifyError({ error, rung: "query", redact, recognise: () => undefined })).toMatchObject({
    code: "CHECK_ERROR",
    rung: "query",
  });
});

test.each([
  ["resolve", "DNS_UNAVAILABLE"],
  ["connect", "CONNECT_TIMEOUT"],
  ["secure", "TLS_FAILED"],
  ["authenticate", "LOGIN_TIMEOUT"],
  ["authorize", "LOGIN_TIMEOUT"],
  ["query", "QUERY_TIMEOUT"],
  ["assert", "QUERY_TIMEOUT"],
] as const)("a deadline that runs out on %s is %s", (rung, code) => {
  expect(
    classifyError({ error: new DeadlineError("x", 1), rung, redact, recognise: () => undefined }).code,
  ).toBe(code);
});

test("only what the server itself answered counts as an answer, whatever is thrown", () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      for (const answered of [isPostgresAnswer, isClickhouseAnswer, isRedisAnswer])
        expect(typeof answered(thrown)).toBe("boolean");
    }),
  );
  expect(isPostgresAnswer(Object.assign(withCode("42P01"), { severity: "ERROR" }))).toBe(true);
  expect(isPostgresAnswer(Object.assign(withCode("57P01"), { severity: "FATAL" }))).toBe(false);
  expect(isClickhouseAnswer(withCode("516"))).toBe(true);
  expect(isClickhouseAnswer(withCode("ECONNRESET"))).toBe(false);
  expect(isRedisAnswer(Object.assign(new Error("WRONGPASS x"), { name: "ReplyError" }))).toBe(true);
});

test.each([
  ["CONNECTION_CLOSED", withCode("ECONNRESET", "socket hang up")],
  ["CONNECTION_CLOSED", withCode("ECONNRESET", "aborted")],
  ["CONNECTION_CLOSED", withCode("CLIENT_CLOSED")],
  ["CONNECT_RESET", withCode("ECONNRESET", "read ECONNRESET")],
  ["PROTOCOL_MISMATCH", withCode("HPE_INVALID_CONSTANT")],
  ["PROTOCOL_MISMATCH", withCode("HPE_HEADER_OVERFLOW")],
  ["PROTOCOL_MISMATCH", withCode("WS_ERR_INVALID_OPCODE")],
  ["ANSWER_TOO_LARGE", withCode("WS_ERR_UNSUPPORTED_MESSAGE_LENGTH")],
  ["PROTOCOL_MISMATCH", new Error("Invalid Sec-WebSocket-Accept header")],
  ["SUBPROTOCOL_MISMATCH", new Error("Server sent no subprotocol")],
  ["CONNECTION_CLOSED", new Error("WebSocket was closed before the connection was established")],
  ["CHECK_ERROR", new Error("something else")],
] as const)("%s comes from what Node's HTTP client or ws raised", (code, error) => {
  const options = { error, rung: "query", redact, recognise: recogniseWebsocket } as const;
  expect(classifyError(options)).toMatchObject({ code });
});
