import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { eventually } from "../support/wait.ts";

/** One answer, as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Status line and header lines. */
  readonly head: readonly string[];
  readonly body: string;
}

/** A client that sends its requests one after the other on one connection, each in one piece; throws when that is closed. */
export async function keepAlive(port: number): Promise<{ ask(request: string): Promise<RawAnswer> }> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (piece: string) => (text += piece));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  let closed = false;
  socket.once("close", () => (closed = true));
  return {
    async ask(request) {
      text = "";
      socket.write(request, "latin1");
      const answer = await eventually(() => {
        const whole = parse(text);
        if (whole === undefined && !closed) throw new Error(`no whole answer in ${JSON.stringify(text)}`);
        return whole ?? "closed";
      });
      if (answer === "closed") throw new Error("the connection was closed without an answer");
      return answer;
    },
  };
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  const head = text.slice(0, Math.max(0, end)).split("\r\n");
  const length = Number(/^content-length: (\d+)$/im.exec(head.join("\n"))?.[1] ?? 0);
  const body = text.slice(end + 4);
  if (end < 0 || body.length < length) return undefined;
  return { status: Number(head[0]?.split(" ")[1]), head, body };
}

/** Counts, from now until the test ends, the requests that Node reads in this process. */
export function countRead(): () => number {
  let count = 0;
  const started = channel("http.server.request.start");
  const onStart = (): void => {
    count += 1;
  };
  started.subscribe(onStart);
  onTestFinished(() => {
    started.unsubscribe(onStart);
  });
  return () => count;
}
