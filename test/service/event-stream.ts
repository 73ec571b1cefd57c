import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";

export interface StreamEvent {
  readonly id: number;
  readonly event: string;
  readonly data: {
    readonly dependency: string;
    readonly status: string;
    readonly cause?: string;
    readonly breaker: string;
    readonly time: string;
  };
}

export interface VerdictStreamEvent {
  readonly id: number;
  readonly event: string;
  readonly data: {
    readonly suite: string;
    readonly verdict: string;
    readonly reasons: readonly string[];
    readonly time: string;
  };
}

export interface FindingsStreamEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A reader of server-sent events that keeps all it received. */
export interface EventStream {
  readonly response: IncomingMessage;
  /** Everything received so far, as it came. */
  text(): string;
  /** Changes of status. */
  events(): StreamEvent[];
  verdicts(): VerdictStreamEvent[];
  findings(): FindingsStreamEvent[];
  /** Settles when the stream has ended, whoever ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const asked = request(url, { headers, agent: false }).end();
  asked.on("error", () => undefined);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  let text = "";
  response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  response.on("error", () => undefined);
  const parse = <T extends { event: string }>(name: string): T[] =>
    text
      .split("\n\n")
      .flatMap((block) => parseEvent<T>(block))
      .filter(({ event }) => event === name);
  return {
    response,
    text: () => text,
    events: () => parse<StreamEvent>("status"),
    verdicts: () => parse<VerdictStreamEvent>("verdict"),
    findings: () => parse<FindingsStreamEvent>("findings"),
    ended: new Promise((resolve) => void response.once("close", resolve)),
    close: () => void asked.destroy(),
  };
}

function parseEvent<T>(block: string): T[] {
  const fields = new Map(
    block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  const data = fields.get("data");
  if (data === undefined) return [];
  return [
    {
      id: Number(fields.get("id")),
      event: fields.get("event") ?? "",
      data: JSON.parse(data) as unknown,
    } as T,
  ];
}
