import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The whole answer as it goes over the wire, as things stand now; undefined where the request has to be read again. */
export type AnswerAgain = () => string | undefined;

/** Answers requests that come again, byte for byte, on the connection that brought them before, without reading them anew. */
export interface RepeatedRequests {
  /** Says how the request that is being answered is answered when it comes again; called before that answer is written. */
  offer(request: IncomingMessage, response: ServerResponse, again: AnswerAgain): void;
  /** From now on every request is read: a server that closes says so in its answers. */
  stop(): void;
}

interface Known {
  readonly bytes: Buffer;
  readonly again: AnswerAgain;
}

interface Offer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly again: AnswerAgain;
}

type Question = Pick<IncomingMessage, "url" | "rawHeaders">;

type Connection =
  /** Node reads it, past the socket's events; `last` is what it asked. */
  | { state: "native"; last: Question }
  | Attached
  /** Not as it is expected to be, and left alone. */
  | { state: "foreign" };

interface Attached {
  readonly state: "attached";
  /** Kept for others to compare with, for as long as this connection is open and no longer. */
  readonly asks: Question;
  /** Set while the last that Node's parser has seen is one whole request, answered in full, and this one. */
  known: Known | undefined;
  offer: Offer | undefined;
}

/** A longer request is read each time: what is kept with a connection has to stay small. */
const MOST_BYTES = 4096;

/**
 * Pollers send the same bytes for as long as their connection lives. What these bytes mean cannot have changed, since
 * nothing came between; what is answered is asked for anew. Reading them is most of what an answer costs.
 */
export function createRepeatedRequests(): RepeatedRequests {
  const connections = new WeakMap<Socket, Connection>();
  /** Connections that send the same share the copy of it. */
  let latest: WeakRef<Buffer> | undefined;
  /** What a connection has asked twice: others that ask it will do so too. */
  let repeats: WeakRef<Question> | undefined;
  let stopped = false;

  function keep(chunk: Buffer): Buffer {
    const shared = latest?.deref();
    if (shared?.equals(chunk) === true) return shared;
    // Not from the pool: a slice would keep eight times as much alive.
    const bytes = Buffer.allocUnsafeSlow(chunk.length);
    chunk.copy(bytes);
    latest = new WeakRef(bytes);
    return bytes;
  }

  /** Puts itself between the socket and Node's parser. */
  function attach(socket: Socket, asks: Question): Connection {
    const [read, ...others] = socket.listeners("data") as ((this: Socket, chunk: Buffer) => void)[];
    if (read === undefined || others.length > 0) return { state: "foreign" };
    const connection: Attached = { state: "attached", asks, known: undefined, offer: undefined };
    socket.off("data", read);
    // Node reads past the socket's events until somebody listens to them (its `unconsume`).
    socket.on("data", (chunk: Buffer) => {
      const { known } = connection;
      if (known?.bytes.equals(chunk) === true && !stopped && socket.writable && socket.writableLength === 0) {
        const text = known.again();
        if (text !== undefined) {
          // An answer is ASCII: its characters are its bytes.
          socket.write(text, "latin1");
          return;
        }
      }
      connection.known = undefined;
      connection.offer = undefined;
      read.call(socket, chunk);
      learn(connection, chunk);
    });
    return connection;
  }

  function learn(connection: Attached, chunk: Buffer): void {
    const { offer } = connection;
    // It holds the request and its answer; a connection that rests needs neither.
    connection.offer = undefined;
    if (offer !== undefined && isAnswered(offer) && isAllOf(chunk, offer.request)) {
      connection.known = { bytes: keep(chunk), again: offer.again };
    }
  }

  return {
    offer(request, response, again) {
      const { socket, url, rawHeaders } = request;
      // Without a socket of its own the answer waits for an earlier one.
      if (stopped || !isPlain(request) || response.socket !== socket) return;
      let connection = connections.get(socket);
      if (connection === undefined || connection.state === "native") {
        const asked = { url, rawHeaders };
        if (connection !== undefined && isSame(connection.last, asked)) repeats = new WeakRef(asked);
        // To listen costs a connection whose requests differ an eighth of its speed, for good.
        connection = isSame(repeats?.deref(), asked)
          ? attach(socket, asked)
          : { state: "native", last: asked };
        connections.set(socket, connection);
      }
      if (connection.state === "attached") connection.offer = { request, response, again };
    },
    stop() {
      stopped = true;
    },
  };
}

function isSame(other: Question | undefined, { url, rawHeaders }: Question): boolean {
  return (
    other !== undefined &&
    other.url === url &&
    other.rawHeaders.length === rawHeaders.length &&
    rawHeaders.every((text, index) => text === other.rawHeaders[index])
  );
}

/** Whether nothing but the answer itself follows from it. */
function isPlain({ method, httpVersion, headers }: IncomingMessage): boolean {
  const { connection = "keep-alive", expect } = headers;
  const plain = method === "GET" && httpVersion === "1.1" && expect === undefined;
  return plain && connection.toLowerCase() === "keep-alive";
}

const isAnswered = ({ request, response }: Offer): boolean => request.complete && response.writableEnded;

/**
 * Whether the request is in these bytes from the first to the last. Then the parser stood before a request when they came,
 * and stands before one again: had it been in the midst of one, that one would hold other bytes than these.
 */
function isAllOf(chunk: Buffer, { method, url, httpVersion, rawHeaders }: IncomingMessage): boolean {
  if (chunk.length > MOST_BYTES) return false;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    text += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`;
  }
  return chunk.toString("latin1") === `${text}\r\n`;
}
