import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "vitest";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: HealthBody;
  readonly ms: number;
}

/** The members of a health body, or of a problem, that the tests look at. */
export interface HealthBody {
  readonly status: string;
  readonly output?: string;
  readonly stale: boolean;
  readonly ageMs: number;
  readonly code?: string;
  readonly detail?: string;
  readonly known?: string[];
  readonly checks: Readonly<Record<string, readonly CheckBody[]>>;
}

export interface CheckBody {
  readonly status: string;
  readonly required: boolean;
  readonly output?: string;
  readonly cause?: {
    readonly code: string;
    readonly rung: string;
    readonly message: string;
    readonly remedies: string[];
  };
  readonly rungs?: readonly { readonly rung: string; readonly status: string }[];
  readonly breaker: { readonly state: string; readonly openedAt?: string; readonly nextTryAt?: string };
  readonly stale: boolean;
  readonly ageMs: number;
  readonly time?: string;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const from = performance.now();
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const ms = performance.now() - from;
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as HealthBody,
    ms,
  };
}

/** An answer never waits for a dependency: even on a busy machine it is there within a second. */
export async function askQuickly(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await ask(url, init);
  expect(answer.ms, `${url} kept its caller waiting`).toBeLessThan(1000);
  return answer;
}

/** The check of one dependency in a health body. */
export function checkOf({ body }: Pick<Answer, "body">, name: string): CheckBody {
  const check = body.checks[`${name}:responseTime`]?.[0];
  if (check === undefined) throw new Error(`no check of ${name} in ${JSON.stringify(body)}`);
  return check;
}

/** Sends bytes on a connection of its own and gives all that comes back until the other side ends it. */
export async function sendBytes(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => (received += text));
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.setTimeout(12_000, () => socket.destroy());
  await once(socket, "connect");
  for (const part of parts) socket.write(part);
  await closed;
  return received;
}

/** Takes one HTTP answer apart. */
export function parseAnswer(text: string): { status: number; type: string; body: HealthBody } {
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  const type = /^content-type: (.*)$/im.exec(head)?.[1] ?? "";
  return { status, type, body: JSON.parse(body) as HealthBody };
}
